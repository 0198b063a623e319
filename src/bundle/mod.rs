//! The footprint proof: written, parsed, verified with no ledger at hand.
