//! The command `pcf`.

fn main() {}
