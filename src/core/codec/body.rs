//! Bodies: the confidential part of a statement, and how a statement is taken apart into header and body and put
//! together again.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CodecError;
use super::digest::sha256;
use crate::model::{
    Activity, ActivityBodyType, ActivityHeader, Allocation, Annual, AnnualBodyType, AnnualHeader, Category, Co2e, Country, DataKind, Decimal,
    Digest, Document, Evidence, Exclusion, Factor, FactorBodyType, FactorCategory, FactorHeader, Flow, Gas, Output, Period,
    ProductId, Quality, Quantity, Salt, Scope, Served, Site, StatedGwp, Subdivision, SupplierFootprint,
    SupplierFootprintBodyType, SupplierFootprintHeader, TagOrAll, TaggedProduct, Text, Uncertainty, Unit, Version, Year,
};

/// The digest of a body, as its header names it: `SHA-256(0x02 || body)`.
pub fn body_digest(body: &[u8]) -> Digest {
    Digest::from_bytes(sha256(&[&[2], body]))
}

/// A type with a body.
pub(super) trait Parted: Sized {
    type Header;
    type Body;

    /// Header and body; the header's digest of the body is still to be filled in.
    fn part(self) -> (Self::Header, Self::Body);

    /// The statement of a header and its body.
    fn join(header: Self::Header, body: Self::Body) -> Result<Self, CodecError>;

    /// Fills in the digest of the body.
    fn name_body(header: &mut Self::Header, digest: Digest);
}

/// What is confidential of an activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActivityBody {
    /// How the flows are shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocation: Option<Allocation>,
    /// ISO 3166-1 alpha-2, of the site that the header names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Files that support it, by digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What went in and out, beside the good product.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows: Vec<Flow>,
    /// Of a reading that names products: their ids, in the order of the header.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub r#for: Vec<ProductId>,
    /// Of a production: what it made, in the order of the header.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Output>,
    /// Data quality ratings of the activity data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// 16 random bytes.
    pub salt: Salt,
    /// Of a part: the days of the whole that it was split from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_from: Option<Period>,
    /// ISO 3166-2, of the site that the header names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subdivision: Option<Subdivision>,
    /// Always `activityBody`.
    pub r#type: ActivityBodyType,
    /// The version of the format.
    pub v: Version,
}

/// What is confidential of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnnualBody {
    /// Direct emissions, kg CO2e.
    pub direct_emissions: Co2e,
    /// Energy used.
    pub energy: Quantity,
    /// Physical output.
    pub output: Quantity,
    /// 16 random bytes.
    pub salt: Salt,
    /// Always `annualBody`.
    pub r#type: AnnualBodyType,
    /// The version of the format.
    pub v: Version,
    /// Value added at constant prices of the base year.
    pub value_added: Decimal,
}

/// What is confidential of a factor that is not open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FactorBody {
    /// What it is for.
    pub category: FactorCategory,
    /// Measured for this very thing, or from a source about its kind.
    pub data: DataKind,
    /// What it leaves out, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Exclusion>,
    /// kg of each gas per unit; this or `values`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gases: Option<BTreeMap<Gas, Decimal>>,
    /// Where it holds, as its source names the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geography: Option<Text>,
    /// The GWP set that `values` rest on; absent with `gases`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gwp: Option<StatedGwp>,
    /// Under which licence its source gives it.
    pub licence: Text,
    /// Its name with its source.
    pub name: Text,
    /// What a user of it should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// Data quality ratings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// 16 random bytes.
    pub salt: Salt,
    /// How much of the life of its subject it holds.
    pub scope: Scope,
    /// Who published it, and where.
    pub source: Text,
    /// The edition of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_version: Option<Text>,
    /// Always `factorBody`.
    pub r#type: FactorBodyType,
    /// How uncertain its values are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<Uncertainty>,
    /// What the values are per.
    pub unit: Unit,
    /// The version of the format.
    pub v: Version,
    /// kg CO2e per unit and category; this or `gases`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<BTreeMap<Category, Decimal>>,
    /// The year it describes.
    pub year: Year,
}

/// What is confidential of a supplier's footprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SupplierFootprintBody {
    /// SHA-256 of the document's bytes.
    pub digest: Digest,
    /// The bytes of the PACT document as received.
    pub document: Document,
    /// What came with it, by digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// 16 random bytes.
    pub salt: Salt,
    /// Always `supplierFootprintBody`.
    pub r#type: SupplierFootprintBodyType,
    /// The version of the format.
    pub v: Version,
}

/// A body of any type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "bodies are handled one at a time, never stored in bulk")]
pub enum Body {
    /// Of an activity.
    Activity(ActivityBody),
    /// Of a year.
    Annual(AnnualBody),
    /// Of a factor that is not open.
    Factor(FactorBody),
    /// Of a supplier's footprint.
    SupplierFootprint(SupplierFootprintBody),
}

/// Of a header whose body is not written yet.
const UNNAMED: Digest = Digest::from_bytes([0; 32]);

impl Parted for Activity {
    type Header = ActivityHeader;
    type Body = ActivityBody;

    fn part(self) -> (ActivityHeader, ActivityBody) {
        let tagged = |product| TaggedProduct { product };
        let (outputs, named) = match self.is_reading() {
            true => (Vec::new(), self.named().collect()),
            false => (self.tags.iter().copied().map(tagged).collect(), Vec::new()),
        };
        let of_product = |served| match served {
            Served::All => None,
            Served::Product(id) => Some(id),
        };
        let (site, country, subdivision) = match self.site {
            Some(Site { country, name, subdivision }) => (Some(name), country, subdivision),
            None => (None, None, None),
        };
        let header = ActivityHeader {
            applies_to: self.applies_to,
            batch: self.batch,
            body: UNNAMED,
            by: self.by,
            r#for: named,
            meter: self.meter,
            outputs,
            period: self.period,
            process: self.process,
            recipe: self.recipe,
            replaces: self.replaces,
            scenario: self.scenario,
            series: self.series,
            site,
            stage: self.stage,
            r#type: self.r#type,
            v: self.v,
        };
        let body = ActivityBody {
            allocation: self.allocation,
            country,
            evidence: self.evidence,
            flows: self.flows,
            r#for: self.r#for.into_iter().filter_map(of_product).collect(),
            outputs: self.outputs,
            quality: self.quality,
            salt: self.salt,
            split_from: self.split_from,
            subdivision,
            r#type: Default::default(),
            v: Default::default(),
        };
        (header, body)
    }

    fn join(header: ActivityHeader, body: ActivityBody) -> Result<Self, CodecError> {
        let unfit = |problem: String| CodecError::Shape { place: "body".into(), problem };
        let differ = |what: &str, in_header: usize, in_body: usize| {
            unfit(format!("expected the {in_header} {what} of its header, got {in_body}"))
        };
        if header.outputs.len() != body.outputs.len() {
            return Err(differ("outputs", header.outputs.len(), body.outputs.len()));
        }
        let tags: Vec<_> = header.tags().copied().collect();
        let all = header.is_for_all();
        if header.outputs.is_empty() && tags.len() != body.r#for.len() {
            return Err(differ("products that it is for", tags.len(), body.r#for.len()));
        }
        if header.site.is_none() && (body.country.is_some() || body.subdivision.is_some()) {
            return Err(unfit("names the country of a site, and its header names no site".into()));
        }
        let mut served: Vec<Served> = body.r#for.into_iter().map(Served::Product).collect();
        served.extend(all.then_some(Served::All));
        if all && header.r#for.last().is_some_and(|last| last.product != TagOrAll::All) {
            return Err(unfit("its header must name `*` last".into()));
        }
        let (country, subdivision) = (body.country, body.subdivision);
        Ok(Self {
            allocation: body.allocation,
            applies_to: header.applies_to,
            batch: header.batch,
            by: header.by,
            evidence: body.evidence,
            flows: body.flows,
            r#for: served,
            meter: header.meter,
            outputs: body.outputs,
            period: header.period,
            process: header.process,
            quality: body.quality,
            recipe: header.recipe,
            replaces: header.replaces,
            salt: body.salt,
            scenario: header.scenario,
            series: header.series,
            site: header.site.map(|name| Site { country, name, subdivision }),
            split_from: body.split_from,
            stage: header.stage,
            tags,
            r#type: header.r#type,
            v: header.v,
        })
    }

    fn name_body(header: &mut ActivityHeader, digest: Digest) {
        header.body = digest;
    }
}

impl Parted for Annual {
    type Header = AnnualHeader;
    type Body = AnnualBody;

    fn part(self) -> (AnnualHeader, AnnualBody) {
        let header = AnnualHeader {
            body: UNNAMED,
            by: self.by,
            replaces: self.replaces,
            subject: self.subject,
            r#type: self.r#type,
            v: self.v,
            year: self.year,
        };
        let body = AnnualBody {
            direct_emissions: self.direct_emissions,
            energy: self.energy,
            output: self.output,
            salt: self.salt,
            r#type: Default::default(),
            v: Default::default(),
            value_added: self.value_added,
        };
        (header, body)
    }

    fn join(header: AnnualHeader, body: AnnualBody) -> Result<Self, CodecError> {
        Ok(Self {
            by: header.by,
            direct_emissions: body.direct_emissions,
            energy: body.energy,
            output: body.output,
            replaces: header.replaces,
            salt: body.salt,
            subject: header.subject,
            r#type: header.r#type,
            v: header.v,
            value_added: body.value_added,
            year: header.year,
        })
    }

    fn name_body(header: &mut AnnualHeader, digest: Digest) {
        header.body = digest;
    }
}

impl Parted for Factor {
    type Header = FactorHeader;
    type Body = FactorBody;

    fn part(self) -> (FactorHeader, FactorBody) {
        let header = FactorHeader {
            body: UNNAMED,
            by: self.by,
            factor: self.factor,
            replaces: self.replaces,
            r#type: self.r#type,
            v: self.v,
        };
        let body = FactorBody {
            category: self.category,
            data: self.data,
            exclusions: self.exclusions,
            gases: self.gases,
            geography: self.geography,
            gwp: self.gwp,
            licence: self.licence,
            name: self.name,
            note: self.note,
            quality: self.quality,
            salt: self.salt,
            scope: self.scope,
            source: self.source,
            source_version: self.source_version,
            r#type: Default::default(),
            uncertainty: self.uncertainty,
            unit: self.unit,
            v: Default::default(),
            values: self.values,
            year: self.year,
        };
        (header, body)
    }

    fn join(header: FactorHeader, body: FactorBody) -> Result<Self, CodecError> {
        Ok(Self {
            by: header.by,
            category: body.category,
            data: body.data,
            exclusions: body.exclusions,
            factor: header.factor,
            gases: body.gases,
            geography: body.geography,
            gwp: body.gwp,
            licence: body.licence,
            name: body.name,
            note: body.note,
            open: false,
            quality: body.quality,
            replaces: header.replaces,
            salt: body.salt,
            scope: body.scope,
            source: body.source,
            source_version: body.source_version,
            r#type: header.r#type,
            uncertainty: body.uncertainty,
            unit: body.unit,
            v: header.v,
            values: body.values,
            year: body.year,
        })
    }

    fn name_body(header: &mut FactorHeader, digest: Digest) {
        header.body = digest;
    }
}

impl Parted for SupplierFootprint {
    type Header = SupplierFootprintHeader;
    type Body = SupplierFootprintBody;

    fn part(self) -> (SupplierFootprintHeader, SupplierFootprintBody) {
        let header = SupplierFootprintHeader {
            body: UNNAMED,
            by: self.by,
            footprint: self.footprint,
            replaces: self.replaces,
            r#type: self.r#type,
            v: self.v,
        };
        let body = SupplierFootprintBody {
            digest: self.digest,
            document: self.document,
            evidence: self.evidence,
            salt: self.salt,
            r#type: Default::default(),
            v: Default::default(),
        };
        (header, body)
    }

    fn join(header: SupplierFootprintHeader, body: SupplierFootprintBody) -> Result<Self, CodecError> {
        Ok(Self {
            by: header.by,
            digest: body.digest,
            document: body.document,
            evidence: body.evidence,
            footprint: header.footprint,
            replaces: header.replaces,
            salt: body.salt,
            r#type: header.r#type,
            v: header.v,
        })
    }

    fn name_body(header: &mut SupplierFootprintHeader, digest: Digest) {
        header.body = digest;
    }
}
