//! The arguments of verbs that write a PACT file.

use pcf_desk::publish;

/// What a PACT file says and no statement does.
#[derive(Debug, clap::Args)]
pub struct Declared {
    /// A standard that was followed, for the PACT file; may be given several times
    #[arg(long = "standard", value_name = "NAME", default_value = "PACT-3.0", value_parser = standard)]
    standards: Vec<String>,
    /// Leaves transport and storage after the gate out of the PACT file, where somebody else
    /// answers for them
    #[arg(long)]
    no_outbound: bool,
}

impl Declared {
    /// As the desk takes it.
    pub fn of_desk(&self) -> publish::Declared {
        publish::Declared { standards: self.standards.clone(), outbound: !self.no_outbound }
    }
}

fn standard(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("expected the name of a standard, such as ISO14067".into()),
        name => Ok(name.to_owned()),
    }
}
