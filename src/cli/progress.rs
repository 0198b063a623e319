//! Progress of what takes over a second: a bar on a terminal, nothing in a pipe, with `--quiet`, or where it is quickly over.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::context::Context;

/// What may pass before anything is shown.
const SILENCE: Duration = Duration::from_secs(1);

/// How far a verb has come.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: bool,
    allowed: bool,
}

impl Progress {
    /// Towards `total` of what `what` names.
    pub fn new(context: &Context, what: &'static str, total: u64) -> Self {
        let template = "{msg} {wide_bar} {human_pos}/{human_len} {elapsed_precise}";
        Self::as_in(context, what, Some(total), template)
    }

    /// Of what has no end that is known: a count and the time.
    pub fn counting(context: &Context, what: &'static str) -> Self {
        Self::as_in(context, what, None, "{msg} {human_pos} {elapsed_precise}")
    }

    fn as_in(context: &Context, what: &'static str, total: Option<u64>, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what);
        let allowed = !context.output.quiet && std::io::stderr().is_terminal();
        Self { bar, started: Instant::now(), shown: false, allowed }
    }

    /// So many more are done.
    pub fn advance(&mut self, by: u64) {
        self.show_when_slow();
        self.bar.inc(by);
    }

    /// So many of so many are done.
    pub fn set(&mut self, done: u64, total: u64) {
        self.show_when_slow();
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    /// Does what prints, with the bar out of its way.
    pub fn beside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    fn show_when_slow(&mut self) {
        if self.allowed && !self.shown && self.started.elapsed() > SILENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
