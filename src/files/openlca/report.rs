//! What a conversion took, left out and assumed: every piece with its process and flow. It decides
//! nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use pcf_core::model::Text;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $sentence:literal,)+) => {
        /// Why a piece of a package is not in the statements as it stands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum FindingKind { $($(#[$doc])* $kind,)+ }

        impl FindingKind {
            /// What it says, in words.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$kind => $sentence,)+ }
            }
        }
    };
}

kinds! {
    /// A process that became no statement.
    NotConverted = "processes not converted",
    /// An input that no process of the package provides.
    NoProvider = "cut off: no process of the package provides it",
    /// The provider it names is not in the package.
    ProviderMissing = "cut off: the provider it names is not in the package",
    /// Several processes provide it and it names none.
    SeveralProviders = "cut off: several processes provide it and it names none",
    /// Its unit does not convert to the provider's.
    Unit = "cut off: its unit does not convert to its provider's",
    /// A co-product without a stated share: the reference product carries everything.
    Coproduct = "co-products without a stated share; the reference product carries everything",
    /// An elementary flow without a GWP.
    NoGwp = "cut off: elementary flows that have no GWP",
    /// CO2 of the short carbon cycle.
    BiogenicCo2 = "left out: biogenic CO2, because a package does not state the carbon that products hold",
    /// A greenhouse gas that is no emission to air.
    NotToAir = "left out: greenhouse gases taken from nature or given to soil or water, which are no emissions to air",
    /// Methane of unknown origin.
    Methane = "assumed: methane of unstated origin counts as fossil",
    /// A unit that this program does not have.
    CountedUnit = "units that are counted in pieces, since no unit of the ledger is the same",
    /// An amount that lost digits below 1e-12.
    Rounded = "rounded: amounts with more digits than a statement holds",
    /// An amount with a formula: the calculated amount counts.
    Formula = "amounts that a formula gave; the calculated amount is taken, the formula is not",
    /// A process written for a multiple of its amounts.
    Scaled = "processes written for a power of ten of their amounts, so that no digit is lost",
    /// A process without any flow that counts.
    Nothing = "processes without any flow that counts: their figure is zero",
    /// Documents that were not read.
    OtherDocuments = "documents of the package that a footprint does not take",
}

/// One piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Why it is named.
    pub kind: FindingKind,
    /// The process it stands in; empty for what stands outside.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub process: String,
    /// What it is.
    pub what: String,
}

/// What came of a package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Processes of the package.
    pub processes: usize,
    /// Products made of them: one a process, and its co-products with a stated share.
    pub products: usize,
    /// Inputs and outputs linked to a process of the package.
    pub linked: usize,
    /// Emissions taken as gases.
    pub emissions: usize,
    /// Everything that is not in the statements as it stands in the package.
    pub findings: Vec<Finding>,
}

impl ImportReport {
    pub(super) fn find(&mut self, kind: FindingKind, process: &str, what: impl Into<String>) {
        self.findings.push(Finding { kind, process: process.to_owned(), what: what.into() });
    }

    /// How many pieces of each kind, in the order of the kinds.
    pub fn counts(&self) -> BTreeMap<FindingKind, usize> {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            *counts.entry(finding.kind).or_insert(0) += 1;
        }
        counts
    }
}

/// A text of a package as a statement takes it: without control characters and runs of white space,
/// cut at 300 characters.
pub(super) fn text(from: &str, otherwise: &str) -> Option<Text> {
    let words: Vec<&str> =
        from.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let joined: String = words.join(" ").chars().take(300).collect();
    joined.trim().parse().or_else(|_| otherwise.parse()).ok()
}
