//! The shell around `pcf-core` for browsers (wasm32). Empty as yet: the page that proves itself is
//! built on it.
