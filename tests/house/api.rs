//! The public API of every library crate is the one that is listed in `tests/house/api`: what an
//! embedding program
//! can name changes only together with that list.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pcf_testing::tools::in_ci;

/// The library crates, as their packages are called.
const CRATES: [&str; 6] = ["pcf-core", "pcf-desk", "pcf-files", "pcf-ledger", "pcf-pages", "pcf-serve"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A `rustdoc` that may write JSON. Only rustdoc gets the variable, so that no dependency is
/// compiled again.
fn rustdoc(dir: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let path = dir.join("rustdoc");
    fs::write(&path, "#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec rustdoc \"$@\"\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    path
}

/// Documents every library crate as JSON, all at once: with the same features as `cargo doc
/// --workspace`, so that no dependency is read again.
fn document(target: &Path, rustdoc: &Path) {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["doc", "--locked", "--quiet", "--workspace", "--no-deps", "--lib", "--target-dir"])
        .arg(target);
    command.env("RUSTDOCFLAGS", "-Z unstable-options --output-format json");
    let out = command.env("RUSTDOC", rustdoc).current_dir(root()).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

/// The public items of a crate, one a line.
fn listed(package: &str, target: &Path) -> String {
    let json = target.join("doc").join(format!("{}.json", package.replace('-', "_")));
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .unwrap();
    api.items().fold(String::new(), |mut text, item| {
        let _ = writeln!(text, "{item}");
        text
    })
}

/// The lines of one text that the other lacks.
fn lacking<'a>(text: &'a str, other: &str) -> Vec<&'a str> {
    let others: HashSet<&str> = other.lines().collect();
    text.lines().filter(|line| !others.contains(line)).collect()
}

#[test]
fn the_public_api_is_the_one_that_is_listed() {
    if !in_ci() {
        eprintln!(
            "skipped: the_public_api_is_the_one_that_is_listed: set PCF_CI=1 to run it (it documents six crates)"
        );
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let rustdoc = rustdoc(scratch.path());
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    document(target, &rustdoc);
    let mut changed = Vec::new();
    for package in CRATES {
        let (now, path) = (listed(package, target), root().join(format!("tests/house/api/{package}.txt")));
        let kept = fs::read_to_string(&path).unwrap_or_default();
        if std::env::var_os("PCF_UPDATE_API").is_some() {
            fs::write(&path, now).unwrap();
            continue;
        }
        changed.extend(lacking(&kept, &now).iter().map(|line| format!("- {line}")));
        changed.extend(lacking(&now, &kept).iter().map(|line| format!("+ {line}")));
    }
    assert!(
        changed.is_empty(),
        "the public API changed; where that is meant, list it anew with PCF_CI=1 PCF_UPDATE_API=1:\n{}",
        changed.join("\n")
    );
}
