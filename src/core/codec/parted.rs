//! How a statement is taken apart into header and body, and put together again.

use super::CodecError;
use super::body::{ActivityBody, AnnualBody, FactorBody, SupplierFootprintBody};
use super::digest::sha256;
use crate::model::{
    Activity, ActivityHeader, Annual, AnnualHeader, Digest, Factor, FactorHeader, Served, Site,
    SupplierFootprint, SupplierFootprintHeader, TagOrAll, TaggedProduct,
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
    ///
    /// # Errors
    /// [`CodecError::Value`] for what cannot be written.
    fn part(self) -> Result<(Self::Header, Self::Body), CodecError>;

    /// The statement of a header and its body.
    fn join(header: Self::Header, body: Self::Body) -> Result<Self, CodecError>;

    /// Fills in the digest of the body.
    fn name_body(header: &mut Self::Header, digest: Digest);
}

/// Of a header whose body is not written yet.
pub(super) const UNNAMED: Digest = Digest::from_bytes([0; 32]);

impl Parted for Activity {
    type Header = ActivityHeader;
    type Body = ActivityBody;

    fn part(self) -> Result<(ActivityHeader, ActivityBody), CodecError> {
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
        Ok((header, body))
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

    fn part(self) -> Result<(AnnualHeader, AnnualBody), CodecError> {
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
        Ok((header, body))
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

    fn part(self) -> Result<(FactorHeader, FactorBody), CodecError> {
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
        Ok((header, body))
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

    fn part(self) -> Result<(SupplierFootprintHeader, SupplierFootprintBody), CodecError> {
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
        Ok((header, body))
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
