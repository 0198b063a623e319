//! Closed lists of words that several statements share.

use std::fmt;
use std::str::FromStr;

use super::error::{text_value, word_list};
use super::{Text, ValueError};

word_list! {
    /// Where in its life the product is. In the order of life, which is also the order in every figure.
    pub enum Stage as "stage", "one of design, procurement, production, transport, storage, use, recycling" {
        /// Design and development.
        Design = "design",
        /// Raw materials and parts, with inbound haulage.
        Procurement = "procurement",
        /// Making the product.
        Production = "production",
        /// After the gate.
        Transport = "transport",
        /// After the gate.
        Storage = "storage",
        /// In the hands of its user.
        Use = "use",
        /// End of life.
        Recycling = "recycling",
    }
}

word_list! {
    /// How far a footprint reaches.
    pub enum Boundary as "boundary", "cradle-to-gate or cradle-to-grave" {
        /// Procurement and production, and design where the product rule counts it in.
        Gate = "cradle-to-gate",
        /// All seven stages.
        Grave = "cradle-to-grave",
    }
}

word_list! {
    /// Whether a value was measured for this very thing or taken from a source about its kind.
    pub enum DataKind as "data kind", "primary, secondary or estimated" {
        /// A part of something measured, split by days: it covers its days and is not primary.
        Estimated = "estimated",
        /// Measured or collected for this process or product.
        Primary = "primary",
        /// From a database, literature or an average.
        Secondary = "secondary",
    }
}

word_list! {
    /// What a flow is.
    pub enum FlowKind as "flow kind", "one of material, packaging, energy, transport, aircraft, waste, emission, infrastructure, excluded" {
        /// Transport by aircraft; shown as an of-which line.
        Aircraft = "aircraft",
        /// A gas emitted here.
        Emission = "emission",
        /// Energy used.
        Energy = "energy",
        /// Left out, with an estimate and a reason; never in the sum.
        Excluded = "excluded",
        /// Buildings, machines, tools.
        Infrastructure = "infrastructure",
        /// Material and parts.
        Material = "material",
        /// Packaging; shown as an of-which line.
        Packaging = "packaging",
        /// Transport by land or water.
        Transport = "transport",
        /// Waste handed to treatment.
        Waste = "waste",
    }
}

/// How flows are shared among outputs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Allocation {
    /// By mass.
    Mass,
    /// By number of pieces.
    Pieces,
    /// By the value of each output, where a product rule or the order of allocation asks for it.
    Price,
    /// By the key with this name that the outputs state, such as machine hours or energy content.
    Key(Text),
}

impl Allocation {
    /// The one spelling.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Mass => "mass",
            Self::Pieces => "pieces",
            Self::Price => "price",
            Self::Key(name) => name.as_str(),
        }
    }
}

impl fmt::Display for Allocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Allocation {
    type Err = ValueError;
    fn from_str(text: &str) -> Result<Self, ValueError> {
        Ok(match text {
            "mass" => Self::Mass,
            "pieces" => Self::Pieces,
            "price" => Self::Price,
            name => Self::Key(name.parse()?),
        })
    }
}

text_value!(
    Allocation,
    "allocation",
    "^.{1,2000}$",
    "mass, pieces, price, or the name of a key that the outputs state",
    |allocation, serializer| serializer.serialize_str(allocation.as_str())
);

impl Stage {
    /// True for the stages that make the footprint at the gate, design aside.
    pub const fn is_before_gate(self) -> bool {
        matches!(self, Self::Procurement | Self::Production)
    }
}
