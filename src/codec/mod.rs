//! The only place that fixes bytes: canonical JSON, digests, text encodings, stored values.

pub mod digest;
