//! The command `pcf`: reads arguments and files, asks the clock, the terminal and the system's randomness, and calls the library through its
//! public API. It decides nothing about statements, keys or figures.

mod args;
mod cli;
mod cmd;
mod context;
mod error;
mod hints;
mod importing;
mod keys;
mod output;
mod process;
mod progress;
mod view;

fn main() -> std::process::ExitCode {
    process::quiet_where_contained();
    cli::run()
}
