//! The arguments of verbs that sign the log.

use pcf_ledger::ledger::Post;

/// Whether the witnesses are asked.
#[derive(Debug, clap::Args)]
pub struct Witnessing {
    /// Signs without asking the witnesses of the kept policy (`pcf log policy`); the result says
    /// so, and whoever asks for them refuses it
    #[arg(long)]
    without_witnesses: bool,
}

impl Witnessing {
    /// The way to the witnesses, where they are to be asked.
    pub fn through<'a>(&self, post: &'a dyn Post) -> Option<&'a dyn Post> {
        (!self.without_witnesses).then_some(post)
    }
}
