//! Measures the budgets of `pcf-ledger`: ratios in one run, medians of alternated runs, peak memory beside each.
//!
//! ```text
//! cargo run --release -- all --count 200000 --dir /tmp/pcf-bench      # everything; prints one table
//! cargo run --release -- ingest --count 20000                         # one measurement, small
//! cargo run --release -- ledger --products 100000 --activities 1000000 --dir DIR   # for `questions`
//! ```
//!
//! One file a measurement. Each has `run` (the parent: which children in which order, and the lines of the table) and
//! `child` (what one process measures).

mod append;
mod audit;
mod data;
mod footprints;
mod graphs;
mod import;
mod ingest;
mod ledger;
mod open;
mod peers;
mod process;
mod proof;
mod runs;
mod table;
mod uncertainty;

use std::path::PathBuf;

/// The command's allocator, for us and for the peers that are written in Rust.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Any error ends the program; it is printed.
pub type Fail = Box<dyn std::error::Error + Send + Sync>;

/// What the command line says.
pub struct Args {
    /// Activity statements.
    pub count: u64,
    /// How often each measurement is repeated; the median counts.
    pub rounds: u64,
    /// Whether the other stores are measured too: at a million statements some take very long.
    pub peers: bool,
    /// Where the stores lie. They are removed.
    pub dir: PathBuf,
}

const USAGE: &str = "usage: pcf-ledger-bench all|ingest|import|append|open|audit|proof|runs|footprints|uncertainty [--count N] [--rounds N] [--peers no] [--dir DIR], graphs --dir DIR, or ledger --products N --activities N --dir DIR";

fn main() -> Result<(), Fail> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["child", what, rest @ ..] = words.as_slice() {
        return child(what, rest);
    }
    let Some((what, rest)) = words.split_first() else { return Err(USAGE.into()) };
    if *what == "ledger" {
        let ["--products", products, "--activities", activities, "--dir", dir] = rest else {
            return Err(USAGE.into());
        };
        let size = ledger::Size { products: products.parse()?, activities: activities.parse()? };
        return ledger::make(size, dir.as_ref());
    }
    let args = parse(rest)?;
    if *what == "graphs" {
        return footprints::write(&args.dir);
    }
    std::fs::create_dir_all(&args.dir)?;
    let all = *what == "all";
    let mut lines = Vec::new();
    let measurements: [(&str, fn(&Args) -> Result<Vec<table::Line>, Fail>); 9] = [
        ("ingest", ingest::run),
        ("import", import::run),
        ("append", append::run),
        ("open", open::run),
        ("audit", audit::run),
        ("proof", proof::run),
        ("runs", runs::run),
        ("footprints", footprints::run),
        ("uncertainty", uncertainty::run),
    ];
    for (name, run) in measurements {
        if all || name == *what {
            eprintln!("{name}");
            lines.extend(run(&args)?);
        }
    }
    if lines.is_empty() {
        return Err(USAGE.into());
    }
    println!("{}", table::markdown(&lines));
    println!("{} statements, medians of {} rounds; {}.", args.count, args.rounds, table::machine());
    std::fs::remove_dir_all(&args.dir)?;
    Ok(())
}

fn child(what: &str, rest: &[&str]) -> Result<(), Fail> {
    let numbers = match what {
        "ingest" => ingest::child(rest),
        "append" => append::child(rest),
        "open" => open::child(rest),
        "audit" => audit::child(rest),
        "proof" => proof::child(),
        "runs" => runs::child(rest),
        "footprints" => return footprints::child(rest),
        _ => Err(USAGE.into()),
    }?;
    process::print(numbers)
}

fn parse(rest: &[&str]) -> Result<Args, Fail> {
    let mut args =
        Args { count: 20_000, rounds: 3, peers: true, dir: std::env::temp_dir().join("pcf-bench") };
    for pair in rest.chunks(2) {
        match pair {
            ["--count", n] => args.count = n.parse()?,
            ["--rounds", n] => args.rounds = n.parse()?,
            ["--peers", "no"] => args.peers = false,
            ["--dir", dir] => args.dir = PathBuf::from(dir),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(args)
}
