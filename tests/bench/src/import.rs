//! Imports as a user makes them: the command itself, built for release, records a file of activities into a ledger, from the first byte of the
//! file to the last durable submission. One row a statement is the dearest file there is; five rows a statement is nearer to what people have.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::data::split_mix;
use crate::process::{Numbers, median};
use crate::table::Line;
use crate::{Args, Fail};

/// Statements about one product: ten years of months.
const PER_PRODUCT: u64 = 120;
/// Rows a second that a million rows of CSV in 15 s are.
const CSV_ROWS_PER_S: f64 = 1_000_000.0 / 15.0;
/// Rows a second that 100,000 rows of XLSX in 10 s are.
const XLSX_ROWS_PER_S: f64 = 100_000.0 / 10.0;
/// Kernel ticks a second of the times in `/proc` (`USER_HZ`).
const TICKS_PER_S: f64 = 100.0;

const HEADER: [&str; 17] = [
    "stage",
    "process",
    "site",
    "country",
    "subdivision",
    "start",
    "end",
    "batch",
    "product",
    "output",
    "output_unit",
    "flow",
    "kind",
    "amount",
    "unit",
    "source",
    "data",
];

const METERS: [&str; 5] =
    ["grid electricity, hall 7", "compressed air, by meter", "lights", "pumps", "cooling"];

pub fn run(args: &Args) -> Result<Vec<Line>, Fail> {
    let pcf = build()?;
    let dir = args.dir.join("import");
    let tenth = (args.count / 10).max(1);
    let mut lines = Vec::new();
    for (what, file, rows, per_statement, budget) in [
        ("CSV, one row a statement", "one.csv", args.count, 1, Some(CSV_ROWS_PER_S)),
        ("CSV, five rows a statement", "five.csv", args.count, 5, None),
        ("XLSX, one row a statement", "one.xlsx", tenth, 1, Some(XLSX_ROWS_PER_S)),
    ] {
        let (mut first, mut again) = (Vec::new(), Vec::new());
        for _ in 0..args.rounds {
            fs::create_dir_all(&dir)?;
            let desk = Desk { pcf: &pcf, dir: &dir };
            desk.prepare(rows.div_ceil(per_statement))?;
            write(&dir.join(file), rows, per_statement)?;
            first.push(desk.record(file)?);
            again.push(desk.record(file)?);
            fs::remove_dir_all(&dir)?;
        }
        let of = |runs: &[Numbers], name: &str| median(runs.iter().map(|run| run[name]).collect());
        let rate = rows as f64 / of(&first, "seconds");
        let times = |runs: &[Numbers]| {
            let (seconds, busy) = (of(runs, "seconds"), of(runs, "busy"));
            format!("{} s, {} s of processors", crate::table::short(seconds), crate::table::short(busy))
        };
        let name = format!("import: {rows} rows of {what} ({})", times(&first));
        let line = match budget {
            Some(budget) => Line::at_least(&name, rate, "rows/s", budget),
            None => Line::plain(&name, rate, "rows/s"),
        };
        lines.push(line.peak(of(&first, "peak_mb")));
        let name = format!("the same file again, every row skipped ({})", times(&again));
        let rate = rows as f64 / of(&again, "seconds");
        lines.push(Line::plain(&name, rate, "rows/s").peak(of(&again, "peak_mb")));
    }
    Ok(lines)
}

/// Builds the command as a user does.
fn build() -> Result<PathBuf, Fail> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let mut cargo = Command::new("cargo");
    let built = cargo.args(["build", "--release", "--locked", "--bin", "pcf"]).current_dir(&root).status()?;
    if !built.success() {
        return Err("the command cannot be built".into());
    }
    Ok(root.join("target/release/pcf"))
}

/// A directory with a ledger in which the command is run.
struct Desk<'a> {
    pcf: &'a Path,
    dir: &'a Path,
}

impl Desk<'_> {
    /// A ledger with its maker, its factor, and the products of so many statements.
    fn prepare(&self, statements: u64) -> Result<(), Fail> {
        let mut products =
            "id,name,declared_amount,declared_unit,boundary,stage,process,signers\n".to_owned();
        for n in 0..products_of(statements) {
            writeln!(products, "{},Part {n},1,piece,cradle-to-gate,production,assembly,maker", product(n))?;
        }
        fs::write(self.dir.join("products.csv"), products)?;
        for line in [
            "init ledger --origin bench.example/ledger --no-passphrase",
            "key new maker.pem --no-passphrase",
            "actor add maker --name Maker --key maker.pem --type product --type factor --type activity --stage production --sign-with ledger-keys/operator.pem",
            "factor use cn.mee.elec_footprint.2024.national --sign-with maker.pem",
            "product add products.csv --sign-with maker.pem",
        ] {
            let status = self.command(line).status()?;
            if !status.success() {
                return Err(format!("pcf {line}: {status}").into());
            }
        }
        Ok(())
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(self.pcf);
        command.args(line.split_whitespace()).current_dir(self.dir).env("PCF_LEDGER", "ledger");
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    fn record(&self, file: &str) -> Result<Numbers, Fail> {
        eprintln!("  record {file}");
        let start = Instant::now();
        let numbers = watch(self.command(&format!("record {file} --sign-with maker.pem")).spawn()?)?;
        let mut numbers = numbers.ok_or_else(|| format!("pcf record {file} failed"))?;
        numbers.insert("seconds".into(), start.elapsed().as_secs_f64());
        Ok(numbers)
    }
}

/// Waits for a process, and says its peak memory in MB (`VmHWM`, looked at a hundred times a second) and its time on processors in seconds.
fn watch(mut child: Child) -> Result<Option<Numbers>, Fail> {
    let (proc, mut peak_kib) = (PathBuf::from(format!("/proc/{}", child.id())), 0.0_f64);
    let busy = loop {
        let status = fs::read_to_string(proc.join("status"))?;
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        if let Some(peak) = field("VmHWM:") {
            peak_kib = peak_kib.max(peak.trim_end_matches(" kB").trim().parse()?);
        }
        // What has ended keeps its times until it is waited for.
        if field("State:").is_some_and(|state| state.starts_with('Z')) {
            let stat = fs::read_to_string(proc.join("stat"))?;
            let behind_name = stat.rsplit_once(')').ok_or("no name in stat")?.1;
            let ticks: Vec<f64> =
                behind_name.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
            break ticks.iter().sum::<f64>() / TICKS_PER_S;
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let numbers = Numbers::from([("peak_mb".into(), peak_kib * 1024.0 / 1e6), ("busy".into(), busy)]);
    Ok(child.wait()?.success().then_some(numbers))
}

fn products_of(statements: u64) -> u64 {
    statements.div_ceil(PER_PRODUCT).max(1)
}

fn product(n: u64) -> String {
    format!("urn:pact:maker.example:product-id:part-{n:06}")
}

/// The cells of a row; the days apart, which a workbook stores as such.
struct Row {
    cells: [String; 17],
    start: (u16, u8),
    end: (u16, u8),
}

fn row(n: u64, statements: u64, per_statement: u64) -> Result<Row, Fail> {
    let (statement, flow) = (n / per_statement, n % per_statement);
    let (part, at) = (statement % products_of(statements), statement / products_of(statements));
    let month = |n: u64| -> Result<(u16, u8), Fail> {
        Ok((u16::try_from(2015 + n / 12)?, u8::try_from(n % 12 + 1)?))
    };
    let (start, end) = (month(at)?, month(at + 1)?);
    let day = |(year, month): (u16, u8)| format!("{year}-{month:02}-01");
    let amount = |step: u64, below: u64| split_mix(n.wrapping_mul(8).wrapping_add(step)) % below + 1;
    let output = split_mix(statement) % 20_000 + 1;
    let meter = METERS.iter().cycle().nth(usize::try_from(flow)?).copied().unwrap_or_default();
    let text = |text: &str| text.to_owned();
    let cells = [
        text("production"),
        text("assembly"),
        format!("Plant {}", part % 7),
        text("CN"),
        text("CN-ZJ"),
        day(start),
        day(end),
        format!("{}-{:02}", start.0, start.1),
        product(part),
        output.to_string(),
        text("piece"),
        text(meter),
        text("energy"),
        format!("{}.{}", amount(0, 90_000), amount(1, 9)),
        text("kWh"),
        text("factor:cn.mee.elec_footprint.2024.national"),
        text("primary"),
    ];
    Ok(Row { cells, start, end })
}

fn write(path: &Path, rows: u64, per_statement: u64) -> Result<(), Fail> {
    let statements = rows.div_ceil(per_statement);
    if path.extension().is_some_and(|kind| kind == "csv") {
        let mut text = HEADER.join(",") + "\n";
        for n in 0..rows {
            let cells = row(n, statements, per_statement)?.cells;
            let quoted = cells.map(|cell| if cell.contains(',') { format!("\"{cell}\"") } else { cell });
            text.push_str(&quoted.join(","));
            text.push('\n');
        }
        return Ok(fs::write(path, text)?);
    }
    let mut book = Workbook::new();
    let days = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet().set_name("Activities")?;
    for (column, name) in (0..).zip(HEADER) {
        sheet.write(0, column, name)?;
    }
    for n in 0..rows {
        let (line, row) = (u32::try_from(n + 1)?, row(n, statements, per_statement)?);
        for (column, cell) in (0..).zip(&row.cells) {
            match HEADER.get(usize::from(column)) {
                Some(&"start") => sheet.write_with_format(line, column, day(row.start)?, &days)?,
                Some(&"end") => sheet.write_with_format(line, column, day(row.end)?, &days)?,
                Some(&("output" | "amount")) => sheet.write(line, column, cell.parse::<f64>()?)?,
                _ => sheet.write(line, column, cell)?,
            };
        }
    }
    Ok(book.save(path)?)
}

fn day((year, month): (u16, u8)) -> Result<ExcelDateTime, Fail> {
    Ok(ExcelDateTime::from_ymd(year, month, 1)?)
}
