//! Running the binary under `strace`, and reading what it wrote.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use pcf_testing::desk::{Desk, Ran};

use crate::PCF;

/// A system call, or one half of it where another thread's came between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub thread: u32,
    pub name: String,
    /// The arguments as `strace` writes them, with paths and bytes as they are.
    pub arguments: Vec<u8>,
    pub phase: Phase,
    /// Whether it failed; known once it is done.
    pub failed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Began and ended with nothing between.
    Whole,
    Began,
    Ended,
}

/// A command that runs `pcf` with these arguments under `strace` with those.
pub fn strace(desk: &Desk, options: &[&str], log: &Path, arguments: &[String]) -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o"]).arg(log).args(options).arg(PCF).args(arguments);
    strace.current_dir(desk.dir.path()).stdin(Stdio::null()).env_remove("PCF_LEDGER");
    strace
}

/// Runs to the end, at most a minute; what it printed, and the exit code or -1 where it was killed.
pub fn run(mut command: Command) -> Ran {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.unwrap();
    let pid = child.id().to_string();
    // Nothing reads a pipe that a hanging process fills: outputs are short.
    let (told, done) = std::sync::mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        let hangs = done.recv_timeout(std::time::Duration::from_secs(60)).is_err();
        if hangs {
            let _ = Command::new("kill").args(["-9", &pid]).status();
        }
        hangs
    });
    let output = child.wait_with_output().unwrap();
    let _ = told.send(());
    let hangs = watch.join().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(!err.contains("ptrace("), "strace may not trace here: {err}");
    Ran { code: if hangs { -2 } else { output.status.code().unwrap_or(-1) }, out, err }
}

/// Reads a log that was written with `-xx`.
pub fn read(log: &Path) -> Vec<Call> {
    let mut open: HashMap<u32, (String, Vec<u8>)> = HashMap::new();
    let mut calls = Vec::new();
    for line in fs::read_to_string(log).unwrap().lines() {
        let Some((thread, rest)) = line.trim_start().split_once(' ') else { continue };
        let (Ok(thread), rest) = (thread.parse(), rest.trim_start()) else { continue };
        let failed = rest.contains(" = -1 ");
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let Some((name, arguments)) = open.remove(&thread) else { continue };
            assert!(resumed.starts_with(&name), "{line}");
            calls.push(Call { thread, name, arguments, phase: Phase::Ended, failed });
            continue;
        }
        let Some((name, arguments)) = rest.split_once('(') else { continue };
        let (name, arguments) = (name.to_owned(), decoded(arguments));
        let phase = if rest.ends_with("<unfinished ...>") {
            open.insert(thread, (name.clone(), arguments.clone()));
            Phase::Began
        } else {
            Phase::Whole
        };
        calls.push(Call { thread, name, arguments, phase, failed });
    }
    calls
}

/// `\x2f` and so on as the bytes they mean.
fn decoded(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        bytes.push(u8::from_str_radix(digits, 16).unwrap_or(b'?'));
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}

impl Call {
    /// True where its arguments hold `text`.
    pub fn names(&self, text: &str) -> bool {
        self.arguments.windows(text.len()).any(|part| part == text.as_bytes())
    }

    /// The path of its first argument, a file descriptor.
    pub fn path(&self) -> &[u8] {
        let from = self.arguments.iter().position(|b| *b == b'<').map_or(0, |at| at + 1);
        let to = self.arguments.iter().skip(from).position(|b| *b == b'>').map_or(from, |n| from + n);
        &self.arguments[from..to]
    }

    /// The bytes of its second argument, a text.
    pub fn bytes(&self) -> &[u8] {
        let from = self.arguments.windows(4).position(|part| part == b">, \"").map_or(0, |at| at + 4);
        &self.arguments[from..]
    }
}
