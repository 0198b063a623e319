//! Values only: no input or output, no clock, no randomness, no floats. Every type is valid by construction: what parses is right, what
//! is wrong does not parse, and each value has one spelling, so that the bytes of a statement are a function of its meaning.
//!
//! The statements themselves are in [`statement`]; every struct keeps its fields in the alphabetical order of their JSON names, because
//! canonical JSON (RFC 8785) writes them so.

pub mod wide;

mod activity;
mod assurance;
mod category;
mod certificate;
mod decimal;
mod error;
mod factor;
mod flow;
mod fold;
mod gas;
mod gas_alias;
mod gas_table;
mod header;
mod header_publication;
mod id;
mod look_alike;
mod mass;
mod period;
mod product;
mod publication;
mod recycling;
mod redaction;
mod rounded;
mod rounded_sums;
mod split;
pub mod statement;
mod supply;
mod time;
mod trust;
mod uncertainty;
mod unit;
mod words;

pub use activity::{Activity, Evidence, Output, Served, Site};
pub use assurance::{Assurance, AssuranceLevel, Opinion};
pub use category::{ByCategory, Category};
pub use certificate::{CertificateId, Certificates, Instrument};
pub(crate) use certificate::{YEARS_MAX, YEARS_NEAR};
pub use decimal::{Decimal, INTEGER_DIGITS_MAX, Whole};
pub use error::ValueError;
pub use factor::{Exclusion, Factor, FactorCategory, FactorValue, Scope};
pub use flow::{Amount, Flow, FlowSource, Measure};
pub use fold::{fold_case_kept, folded, is_same_name, plain_form};
pub use gas::{Gas, GwpSet, StatedGwp};
pub use header::{
    ActivityHeader, AnnualHeader, FactorHeader, Header, NamedProduct, SupplierFootprintHeader, TagOrAll,
    TaggedProduct,
};
pub use header_publication::{AcceptedHeader, PublicationHeader};
pub use id::{
    ActorId, Country, Digest, Document, FactorId, FootprintId, ProductId, ProductTag, PublicKey, Salt,
    StatementId, Subdivision, Text, Urn,
};
pub use look_alike::{is_unseen, look_alike};
pub use mass::Co2e;
pub use period::Period;
pub use product::{CarbonContent, Exemptions, Packaging, Process, Product, ProductRule};
pub use publication::{
    Accepted, Claim, ClaimBasis, DataCoverage, FigureSet, Figures, LogPosition, Method, ProcessFigures,
    Publication, PublicationStatus, Quality, StageFigures, Used, UsedActivities, UsedSources,
};
pub use recycling::{Fixed, RecycledMaterial, RecycledPart, Recycling, RecyclingMethod};
pub use redaction::Redaction;
pub use rounded::{Interval, RoundedFigures, RoundedSet, RoundedStage, two_digits};
pub use statement::{
    ActivityBodyType, AnnualBodyType, FactorBodyType, PublicationBodyType, Statement, StatementKind,
    SupplierFootprintBodyType, Version,
};
pub use supply::{Annual, State, SupplierFootprint, Withdrawal};
pub use time::{Date, Instant, Year};
pub use trust::{Actor, Authority, Genesis, Revocation, Rights};
pub use uncertainty::{Pedigree, Score, Uncertainty};
pub use unit::{Dimension, Quantity, RATIO_SCALE, Unit};
pub use words::{Allocation, Boundary, DataKind, FlowKind, Stage};
