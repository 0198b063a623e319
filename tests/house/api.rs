//! The public API of every library crate is the one that is listed in `tests/house/api`: what an
//! embedding program
//! can name changes only together with that list.

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

/// The public items of a crate, one a line.
fn listed(package: &str, target: &Path, rustdoc: &Path) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.args(["rustdoc", "--locked", "--quiet", "--lib", "-p", package, "--target-dir"]).arg(target);
    command.args(["--", "-Z", "unstable-options", "--output-format", "json"]);
    let out = command.env("RUSTDOC", rustdoc).current_dir(root()).output().unwrap();
    assert!(out.status.success(), "{package}: {}", String::from_utf8_lossy(&out.stderr));
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
    let mut changed = Vec::new();
    for package in CRATES {
        let (now, path) =
            (listed(package, target, &rustdoc), root().join(format!("tests/house/api/{package}.txt")));
        let kept = fs::read_to_string(&path).unwrap_or_default();
        if std::env::var_os("PCF_UPDATE_API").is_some() {
            fs::write(&path, now).unwrap();
            continue;
        }
        let gone =
            kept.lines().filter(|line| !now.lines().any(|other| other == *line)).map(|l| format!("- {l}"));
        let new =
            now.lines().filter(|line| !kept.lines().any(|other| other == *line)).map(|l| format!("+ {l}"));
        changed.extend(gone.chain(new));
    }
    assert!(
        changed.is_empty(),
        "the public API changed; where that is meant, list it anew with PCF_CI=1 PCF_UPDATE_API=1:\n{}",
        changed.join("\n")
    );
}
