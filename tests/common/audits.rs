//! Audits in memory and with data spilled to disk, which must report the same.

use std::path::Path;

use pcf_ledger::audit::{self, Beside, Options, Report};
use pcf_ledger::store::Reader;

/// Of the ledger in a directory.
pub fn of_directory(dir: &Path) -> Report {
    alike(|options| audit::directory_with(dir, Vec::new(), options, &mut |_, _| {}).unwrap())
}

/// Of a store with what lies beside it.
pub fn of<R: Reader + Sync>(reader: &R, beside: &Beside) -> Report {
    alike(|options| audit::run_with(reader, beside, options, &mut |_, _| {}).unwrap())
}

fn alike(audit: impl Fn(&Options) -> Report) -> Report {
    let report = audit(&Options::default());
    for held in [1, 5] {
        assert_eq!(audit(&Options { held, ..Options::default() }), report, "{held} in memory");
    }
    report
}
