#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pcf_ledger_fuzz::header(data));
