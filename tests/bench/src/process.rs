//! One measurement in a process of its own, so that its peak memory is its own too. The child prints one line of
//! `name=number` pairs; peak memory comes last.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Fail;

/// What a child measured, by name.
pub type Numbers = BTreeMap<String, f64>;

/// Runs this program again with `arguments` and reads its line.
pub fn run(arguments: &[&str]) -> Result<Numbers, Fail> {
    eprintln!("  {}", arguments.join(" "));
    let output = Command::new(std::env::current_exe()?)
        .arg("child")
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{} ended with {}", arguments.join(" "), output.status).into());
    }
    let line = String::from_utf8(output.stdout)?;
    let mut numbers = Numbers::new();
    for pair in line.split_whitespace() {
        let (name, value) = pair.split_once('=').ok_or("expected name=number")?;
        numbers.insert(name.to_owned(), value.parse()?);
    }
    Ok(numbers)
}

/// Prints what this child measured.
pub fn print(mut numbers: Numbers) -> Result<(), Fail> {
    numbers.insert("peak_mb".into(), peak_mb()?);
    let line: Vec<String> = numbers.iter().map(|(name, value)| format!("{name}={value}")).collect();
    println!("{}", line.join(" "));
    Ok(())
}

/// The most memory this process ever held, in MB (`VmHWM`).
fn peak_mb() -> Result<f64, Fail> {
    status_mb("VmHWM:")
}

/// What this process holds now.
pub fn resident_mb() -> Result<f64, Fail> {
    status_mb("VmRSS:")
}

fn status_mb(name: &str) -> Result<f64, Fail> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line in status")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kib * 1024.0 / 1e6)
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        _ if values.is_empty() => f64::NAN,
        0 => (values[middle - 1] + values[middle]) / 2.0,
        _ => values[middle],
    }
}

/// All bytes below a directory, as the disk holds them.
pub fn disk_bytes(dir: &Path) -> Result<u64, Fail> {
    use std::os::unix::fs::MetadataExt;
    let mut bytes = 0;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        bytes += if meta.is_dir() { disk_bytes(&entry.path())? } else { meta.blocks() * 512 };
    }
    Ok(bytes)
}
