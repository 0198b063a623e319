//! How a publication is taken apart, and put together again.

use super::body::PublicationBody;
use super::parted::{Parted, UNNAMED};
use super::{CodecError, figures_digest};
use crate::model::{
    AcceptedHeader, Co2e, Decimal, Digest, Publication, PublicationHeader, RoundedFigures, ValueError,
    two_digits,
};

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

/// A publication as its header has it; see [`PublicationHeader::rounded`].
///
/// # Errors
/// [`CodecError::Value`] for one without its salts, and for figures at the end of their range.
pub fn rounded(publication: &Publication) -> Result<Publication, CodecError> {
    Ok(publication.clone().part()?.0.rounded()?)
}

/// An estimate in percent of a figure, two significant digits; none of a figure of zero.
fn percent_of(estimate: Co2e, figure: Co2e) -> Option<Decimal> {
    let percent = estimate.quanta().checked_mul(100)?.checked_mul(Decimal::ONE_QUANTA);
    let percent = percent.and_then(|percent| percent.checked_div(figure.quanta().abs()));
    Decimal::from_quanta(percent?).ok().map(two_digits)
}
