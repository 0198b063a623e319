"""A second implementation of footprint proofs and of the calculation, written from the pages in schemas/ alone."""
