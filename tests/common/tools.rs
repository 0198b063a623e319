//! Tools that a test needs, the long form of a test, and the work that a test does.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

/// True if every tool can be run. A missing tool fails the test where `PCF_CI` is set, which
/// `.ci/run` does; elsewhere the test
/// prints that it is skipped, and returns.
pub fn required(tools: &[&str]) -> bool {
    let missing: Vec<&str> = tools.iter().copied().filter(|tool| !is_there(tool)).collect();
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let strict = in_ci();
    for tool in &missing {
        assert!(!strict, "{test} needs {tool}, which is missing");
        eprintln!("skipped: {test}: {tool} is missing");
    }
    missing.is_empty()
}

/// True if the tool starts. Its exit code for `--version` does not matter, unless a wrapper says by
/// it that it found no tool.
fn is_there(tool: &str) -> bool {
    let mut command = Command::new(tool);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| !matches!(status.code(), Some(126 | 127)))
}

/// True if `PCF_CI` is set, which `.ci/run` does.
pub fn in_ci() -> bool {
    std::env::var_os("PCF_CI").is_some()
}

/// True if `PCF_LONG=1` asks for every case where a test otherwise takes a slice of them.
pub fn long() -> bool {
    std::env::var("PCF_LONG").is_ok_and(|value| value == "1")
}

/// What `work` returns, and how long this thread had a processor for it. Unlike the clock on the
/// wall, that does not grow where other
/// programs run beside the test. Zero where the system does not say.
pub fn processor_time<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let before = spent("/proc/thread-self/schedstat");
    let result = work();
    (result, spent("/proc/thread-self/schedstat").saturating_sub(before))
}

/// How long the threads of a running process have had a processor until now. Zero where the system
/// does not say.
pub fn processor_time_of(process: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    threads.map(|thread| spent(&thread.path().join("schedstat").to_string_lossy())).sum()
}

/// The first number of a `schedstat` file, in nanoseconds.
fn spent(schedstat: &str) -> Duration {
    let text = fs::read_to_string(schedstat).unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or_default())
}

/// A program, started at noon of a day. Needs `faketime`. The tests themselves may run on another day.
pub fn on_day(day: &str, program: &str) -> Command {
    let mut command = Command::new("faketime");
    command.args(["-f", &format!("@{day} 12:00:00"), program]);
    for variable in ["LD_PRELOAD", "FAKETIME", "FAKETIME_SHARED"] {
        command.env_remove(variable);
    }
    command
}

/// The day on which the pages and examples with fixed dates are played, as `.ci/smoke` does.
pub const ITS_DAY: &str = "2026-06-01";
