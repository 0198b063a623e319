//! How a statement is taken apart into header and body, and put together again.

use super::body::{ActivityBody, AnnualBody, FactorBody, PublicationBody, SupplierFootprintBody};
use super::digest::sha256;
use super::{CodecError, figures_digest};
use crate::model::{
    AcceptedHeader, Activity, ActivityHeader, Annual, AnnualHeader, Co2e, Decimal, Digest, Factor,
    FactorHeader, Publication, PublicationHeader, RoundedFigures, Served, Site, SupplierFootprint,
    SupplierFootprintHeader, TagOrAll, TaggedProduct, ValueError, two_digits,
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
const UNNAMED: Digest = Digest::from_bytes([0; 32]);

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

impl Parted for Publication {
    type Header = PublicationHeader;
    type Body = PublicationBody;

    fn part(self) -> Result<(PublicationHeader, PublicationBody), CodecError> {
        let figures_digest = figures_digest(&self)?;
        let unsigned =
            || ValueError::Combination { what: "publication", problem: "needs its figuresSalt".into() };
        let figures_salt = self.figures_salt.ok_or_else(unsigned)?;
        let gate = self.figures.gate.excluding_uptake;
        let accepted = self.accepted.iter().map(|accepted| AcceptedHeader {
            percent: accepted.estimate.and_then(|estimate| percent_of(estimate, gate)),
            rule: accepted.rule.clone(),
        });
        let header = PublicationHeader {
            accepted: accepted.collect(),
            batch: self.batch,
            body: UNNAMED,
            boundary: self.boundary,
            by: self.by,
            claims: self.claims,
            coverage: self.coverage,
            created: self.created,
            figures: Box::new(RoundedFigures::of(&self.figures, self.shows_stages)?),
            figures_digest,
            footprint: self.footprint,
            log: self.log,
            method: self.method,
            outbound_excluded: self.outbound_excluded,
            period: self.period,
            preceding: self.preceding,
            product: self.product,
            replaces: self.replaces,
            scenario: self.scenario,
            status: self.status,
            r#type: self.r#type,
            used: self.used,
            v: self.v,
            validity: self.validity,
        };
        let body = PublicationBody {
            accepted: self.accepted,
            comment: self.comment,
            figures: self.figures,
            figures_salt,
            salt: self.salt,
            r#type: Default::default(),
            v: Default::default(),
        };
        Ok((header, body))
    }

    fn join(header: PublicationHeader, body: PublicationBody) -> Result<Self, CodecError> {
        let joined = Self {
            accepted: body.accepted,
            batch: header.batch.clone(),
            boundary: header.boundary,
            by: header.by.clone(),
            claims: header.claims.clone(),
            comment: body.comment,
            coverage: header.coverage,
            created: header.created,
            figures: body.figures,
            figures_salt: Some(body.figures_salt),
            footprint: header.footprint.clone(),
            log: header.log,
            method: header.method.clone(),
            outbound_excluded: header.outbound_excluded,
            period: header.period,
            preceding: header.preceding.clone(),
            product: header.product.clone(),
            replaces: header.replaces,
            salt: body.salt,
            scenario: header.scenario.clone(),
            shows_stages: !header.figures.stages.is_empty(),
            status: header.status,
            r#type: header.r#type,
            used: header.used,
            v: header.v,
            validity: header.validity,
        };
        // What the header says of the figures follows from the body, digit for digit.
        let (expected, _) = joined.clone().part()?;
        let differs = [
            ("figures", expected.figures == header.figures),
            ("figuresDigest", expected.figures_digest == header.figures_digest),
            ("accepted", expected.accepted == header.accepted),
        ];
        match differs.into_iter().find(|(_, same)| !same) {
            None => Ok(joined),
            Some((place, _)) => {
                let problem = "expected what follows from the body, got something else".into();
                Err(CodecError::Shape { place: place.into(), problem })
            }
        }
    }

    fn name_body(header: &mut PublicationHeader, digest: Digest) {
        header.body = digest;
    }
}

/// An estimate in percent of a figure, two significant digits; none of a figure of zero.
fn percent_of(estimate: Co2e, figure: Co2e) -> Option<Decimal> {
    let percent = estimate.quanta().checked_mul(100)?.checked_mul(Decimal::ONE_QUANTA);
    let percent = percent.and_then(|percent| percent.checked_div(figure.quanta().abs()));
    Decimal::from_quanta(percent?).ok().map(two_digits)
}
