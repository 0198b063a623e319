//! The command `pcf`: arguments, files, clock, terminal and randomness around the library. It decides nothing about statements or figures.

mod args;
mod cli;
mod cmd;
mod context;
mod doubts;
mod error;
mod hints;
mod importing;
mod keys;
mod output;
mod process;
mod progress;
mod view;
mod write;

fn main() -> std::process::ExitCode {
    cli::run()
}
