//! The table: what was measured, what was promised, and whether it was kept.

use std::fmt::Write as _;

/// One line of the table.
pub struct Line {
    pub what: String,
    pub measured: String,
    pub budget: String,
    /// Measured over budget where more is better, budget over measured where less is; none without a budget.
    pub kept: Option<f64>,
    /// Peak memory in MB of the process that was measured.
    pub peak_mb: Option<f64>,
}

impl Line {
    /// A line with a budget of at least `budget`.
    pub fn at_least(what: &str, measured: f64, unit: &str, budget: f64) -> Line {
        Line {
            what: what.into(),
            measured: format!("{} {unit}", short(measured)),
            budget: format!("at least {} {unit}", short(budget)),
            kept: Some(measured / budget),
            peak_mb: None,
        }
    }

    /// A line with a budget of at most `budget`.
    pub fn at_most(what: &str, measured: f64, unit: &str, budget: f64) -> Line {
        let budget_text = format!("at most {} {unit}", short(budget));
        Line { budget: budget_text, kept: Some(budget / measured), ..Line::at_least(what, measured, unit, budget) }
    }

    /// A line that promises nothing.
    pub fn plain(what: &str, measured: f64, unit: &str) -> Line {
        Line { budget: String::new(), kept: None, ..Line::at_least(what, measured, unit, 1.0) }
    }

    pub fn peak(self, peak_mb: f64) -> Line {
        Line { peak_mb: Some(peak_mb), ..self }
    }
}

/// Three digits that count.
pub fn short(value: f64) -> String {
    match value.abs() {
        v if v >= 1000.0 => {
            let digits = format!("{value:.0}");
            let mut out = String::new();
            for (n, digit) in digits.chars().enumerate() {
                if n > 0 && (digits.len() - n) % 3 == 0 {
                    out.push(',');
                }
                out.push(digit);
            }
            out
        }
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        v if v >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}

pub fn markdown(lines: &[Line]) -> String {
    let mut out = String::from("| what | measured | budget | kept | peak memory |\n|---|---|---|---|---|\n");
    for line in lines {
        let kept = match line.kept {
            None => String::new(),
            Some(times) if times >= 1.0 => format!("yes, {} times", short(times)),
            Some(times) => format!("**no**, {} of it", short(times)),
        };
        let peak = line.peak_mb.map(|mb| format!("{} MB", short(mb))).unwrap_or_default();
        let _ = writeln!(out, "| {} | {} | {} | {kept} | {peak} |", line.what, line.measured, line.budget);
    }
    out
}

/// What the figures were measured on.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = read("/proc/loadavg").split_whitespace().next().unwrap_or_default().to_owned();
    format!(
        "{cores} cores ({}), memory {}, Linux {}, load {load} at the end",
        field(&read("/proc/cpuinfo"), "model name"),
        field(&read("/proc/meminfo"), "MemTotal"),
        read("/proc/sys/kernel/osrelease").trim()
    )
}
