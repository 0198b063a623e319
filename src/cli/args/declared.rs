//! What a publisher declares and no statement of the product says.

use pcf_ledger::model::Text;
use pcf_ledger::publish;

/// What is signed with the figures and stands in the PACT file.
#[derive(Debug, clap::Args)]
pub struct Declared {
    /// A standard that the publisher says was followed; may be given several times. PACT-3.0 need
    /// not be stated: it is named where its conditions are met
    #[arg(long = "standard", value_name = "NAME", value_parser = standard)]
    standards: Vec<Text>,
    /// Leaves transport and storage after the gate out of the PACT file, where somebody else
    /// answers for them
    #[arg(long)]
    no_outbound: bool,
}

impl Declared {
    /// As an order takes it.
    pub fn of_order(&self) -> publish::Declared {
        publish::Declared { standards: self.standards.clone(), outbound_excluded: self.no_outbound }
    }
}

fn standard(text: &str) -> Result<Text, String> {
    match text.trim() {
        "" => Err("expected the name of a standard, such as ISO14067".into()),
        name => name.parse().map_err(|error: pcf_ledger::model::ValueError| error.to_string()),
    }
}
