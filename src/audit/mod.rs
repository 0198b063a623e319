//! A list of small checks over a whole ledger that all run and return findings.
