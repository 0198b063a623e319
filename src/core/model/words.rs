//! Closed lists of words that several statements share.

use super::error::word_list;

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
    pub enum DataKind as "data kind", "primary or secondary" {
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

word_list! {
    /// How the flows of one statement are shared among its outputs.
    pub enum Allocation as "allocation", "one of energy, key, mass, pieces, price" {
        /// By energy content.
        Energy = "energy",
        /// By the stated key of each output, such as machine hours.
        Key = "key",
        /// By mass.
        Mass = "mass",
        /// By number of pieces.
        Pieces = "pieces",
        /// By the price per declared unit of each output.
        Price = "price",
    }
}

impl Stage {
    /// True for the stages that make the footprint at the gate, design aside.
    pub const fn is_before_gate(self) -> bool {
        matches!(self, Self::Procurement | Self::Production)
    }
}
