//! Progress of what takes over a second: a bar on a terminal, nothing in a pipe, with `--quiet`, or where it is quickly over.

use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use pcf_desk::session::{self, Task};
use pcf_desk::words::counted;

use crate::context::Context;
use crate::output::Output;

/// What may pass before anything is shown.
const SILENCE: Duration = Duration::from_secs(1);

/// How far a verb has come.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: bool,
    allowed: bool,
    output: Output,
}

impl Progress {
    /// Towards `total` of what `what` names.
    pub fn new(context: &Context, what: &'static str, total: u64) -> Self {
        let template = "{msg} {wide_bar} {human_pos}/{human_len} {elapsed_precise}";
        Self::as_in(context, what, Some(total), template)
    }

    /// Of a task of the desk.
    pub fn of(context: &Context, task: Task) -> Self {
        match task {
            Task::Checking => {
                Self::as_in(context, "checking statements:", None, "{msg} {human_pos} {elapsed_precise}")
            }
            Task::Recording(total) => Self::new(context, "recording", total),
            Task::LookingAtPublications(total) => Self::new(context, "looking at publications", total),
        }
    }

    fn as_in(context: &Context, what: &'static str, total: Option<u64>, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what);
        let allowed = !context.output.quiet && std::io::stderr().is_terminal();
        Self { bar, started: Instant::now(), shown: false, allowed, output: context.output }
    }

    /// So many of so many are done.
    pub fn set(&mut self, done: u64, total: u64) {
        self.show_when_slow();
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    fn show_when_slow(&mut self) {
        if self.allowed && !self.shown && self.started.elapsed() > SILENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
    }
}

impl session::Progress for Progress {
    fn advance(&mut self, by: u64) {
        self.show_when_slow();
        self.bar.inc(by);
    }

    fn landed(&mut self, index: u64, statements: usize) -> io::Result<()> {
        let line = format!("index {index}: {}", counted(statements, "statement"));
        self.bar.suspend(|| self.output.tell(&line))?;
        self.advance(u64::try_from(statements).unwrap_or(u64::MAX));
        Ok(())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
