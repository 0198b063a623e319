//! Refusals of projects and of the verbs that a project makes short.

use std::fs;

use super::command::Page;

/// A project that cannot be, keys that nothing names, approvals that nobody gives, and what cannot be
/// undone, compared or tried.
pub fn projects(page: &mut Page<'_>) {
    page.heading("Projects, and the verbs of a project");
    page.refused(2, "init");
    page.refused(2, "init new --company Acme --domain acme --no-passphrase");
    page.refused(2, "init new --company Acme --domain operator.example --no-passphrase");
    page.desk.pcf("init project --company Acme --domain acme.example --no-passphrase").ok();
    page.refused(3, "init project --company Acme --domain acme.example --no-passphrase");
    fs::write(page.desk.path("pcf.toml"), "version = 1\nledgr = \"led\"\n").unwrap();
    page.refused(3, "status");
    fs::remove_file(page.desk.path("pcf.toml")).unwrap();
    page.refused(2, "record activities.csv");
    page.refused(2, "actor add x --name X");
    page.refused(2, "log checkpoint");
    page.refused(2, "import activities.csv --sign-with acme.pem");
    fs::create_dir(page.desk.path("package")).unwrap();
    page.refused(2, "import package --yes --sign-with acme.pem");
    undo(page);
    page.refused(2, "compare 2024 2025");
    let asked = "what-if urn:gtin:06901234000016 --period 2025-01-01..2025-04-01";
    page.refused(1, &format!("{asked} --scale grid␣electricty=0.8"));
    page.refused(2, &format!("{asked} --scale electricity"));
    page.refused(2, &format!("{asked} --set electricity=acme.solar"));
    page.refused(2, "export all.xlsx");
    page.refused(2, "guide publish");
    page.refused(2, "guide tables rows");
    let publish = "publish --all --period 2025 --log-key led-keys/log.pem";
    page.refused(1, &format!("{publish} --valid-until 2099-12-31 --sign-with stranger.pem"));
    page.refused(2, &format!("{publish} --sign-with acme.pem"));
}

fn undo(page: &mut Page<'_>) {
    page.refused(2, "undo --sign-with acme.pem");
    page.refused(2, "undo 9999 --yes --sign-with acme.pem");
    page.refused(1, "undo 0 --yes --sign-with acme.pem");
    page.refused(1, "undo --yes --sign-with stranger.pem");
    let publications = page.desk.json("list publications --signer acme");
    let footprint = publications["publications"][0]["footprint"].as_str().unwrap().to_owned();
    let submissions = page.desk.json("list submissions --signer acme");
    let published = submissions["submissions"].as_array().unwrap().iter();
    let published = published.clone().find(|one| one["types"]["publication"] == 1).unwrap();
    let index = published["index"].to_string();
    page.refused(1, &format!("undo {index} --yes --sign-with acme.pem"));
    page.desk.pcf(&format!("withdraw {footprint} --reason trial --sign-with acme.pem")).ok();
    page.refused(1, &format!("undo {index} --yes --sign-with acme.pem"));
    page.text = page.text.replace(&footprint, "UUID");
}
