//! The keys that statements are found by, each as eight bytes of a SHA-256. Two keys may share the
//! eight bytes: whoever looks something up confirms each candidate. Nothing here reads a statement
//! again.

use crate::codec::digest::{Sha256Bytes, sha256};
use crate::codec::{series_place, tags_of};
use crate::model::{
    CertificateId, Digest, FactorCategory, FactorId, FootprintId, Header, ProductId, ProductTag,
    PublicationStatus, Stage, Statement, StatementId, StatementKind, Text, Unit,
};
use crate::pact;

use super::fact::key_of_product;

/// What statements are looked for by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought<'a> {
    /// The statement with the id.
    Statement(&'a StatementId),
    /// The first statement under the seal with the message hash.
    Seal(&'a Sha256Bytes),
    /// Statements of a type about a subject, by SHA-256 of the subject.
    Subject(StatementKind, &'a Sha256Bytes),
    /// Statements of a type; activities are not listed.
    Kind(StatementKind),
    /// Product statements that list the id.
    Declares(&'a ProductId),
    /// Product statements with the name.
    Named(&'a str),
    /// Product statements that list the id with the tag.
    Tagged(&'a ProductTag),
    /// Activities with the output, and readings for it, by the tag of one of its ids.
    Makes(&'a ProductTag),
    /// Readings of one series, by [`series_place`].
    Readings(&'a Sha256Bytes),
    /// Product statements that list the process.
    Lists(Stage, &'a Text),
    /// Readings of all that the process made.
    ReadsAll(Stage, &'a Text),
    /// Publications about the product.
    Publishes(&'a ProductId),
    /// Factor statements.
    Factor(&'a FactorId),
    /// Factor statements of one series: editions that differ in their year only.
    Edition(Series<'a>),
    /// Suppliers' footprints.
    Footprint(&'a FootprintId),
    /// Suppliers' footprints whose document names the footprint as an earlier version.
    Supersedes(&'a FootprintId),
    /// Activities that claim the certificate, by its folded id.
    Instrument(&'a str),
    /// Opinions on figures, by their digest.
    Assures(&'a Digest),
    /// Final publications that follow a footprint, by SHA-256 of its id.
    Follows(&'a Sha256Bytes),
}

/// What the editions of one factor have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Series<'a> {
    /// What the factors are for.
    pub category: FactorCategory,
    /// What they are per.
    pub unit: Unit,
    /// The id before the year.
    pub front: &'a str,
    /// The id after the year.
    pub back: &'a str,
}

impl<'a> Series<'a> {
    /// The series of a factor; none where its id does not hold its year.
    pub fn of(id: &'a FactorId, year: i16, category: FactorCategory, unit: Unit) -> Option<Self> {
        let (front, back) = id.as_str().split_once(&format!("{year:04}"))?;
        Some(Self { category, unit, front, back })
    }
}

impl Sought<'_> {
    /// The eight bytes that statements are filed under.
    pub fn tag(&self) -> u64 {
        match self {
            Self::Statement(id) => tag(0, id.as_bytes()),
            Self::Seal(message) => tag(1, message),
            Self::Subject(kind, subject) => tag(16 + *kind as u8, subject),
            Self::Kind(kind) => tag(2, &sha256(&[&[*kind as u8]])),
            Self::Declares(id) => tag(3, &key_of_product(id)),
            Self::Named(name) => tag(13, &sha256(&[name.as_bytes()])),
            Self::Makes(product) => Self::tag_of_made(product.as_bytes()),
            Self::Tagged(product) => tag(40, product.as_bytes()),
            Self::Readings(place) => tag(41, place),
            Self::Lists(stage, process) => tag(14, &key_of_process(*stage, process)),
            Self::ReadsAll(stage, process) => tag(15, &key_of_process(*stage, process)),
            Self::Publishes(id) => tag(5, &key_of_product(id)),
            Self::Factor(id) => tag(6, &sha256(&[id.as_str().as_bytes()])),
            Self::Edition(Series { category, unit, front, back }) => {
                let (category, unit) = (category.as_str().as_bytes(), unit.as_str().as_bytes());
                let parts = [category, b"\0", unit, b"\0", front.as_bytes(), b"\0", back.as_bytes()];
                tag(7, &sha256(&parts))
            }
            Self::Footprint(id) => tag(8, &sha256(&[id.as_str().as_bytes()])),
            Self::Supersedes(id) => tag(9, &sha256(&[id.as_str().as_bytes()])),
            Self::Instrument(id) => tag(10, &sha256(&[id.as_bytes()])),
            Self::Follows(footprint) => tag(11, footprint),
            Self::Assures(figures) => tag(12, &sha256(&[figures.as_bytes()])),
        }
    }

    /// The tag of [`Sought::Makes`], by the bytes of the product's tag.
    pub(super) fn tag_of_made(product: &Sha256Bytes) -> u64 {
        tag(4, product)
    }

    /// Files a statement under everything that only its text tells, but for what an activity puts
    /// out.
    pub(super) fn of(statement: &Statement, file: &mut impl FnMut(Sought<'_>)) {
        match statement {
            Statement::Activity(activity) => {
                let claimed = activity.flows.iter().flat_map(|flow| &flow.instruments);
                claimed.for_each(|instrument| claims(&instrument.id, file));
                if activity.is_for_all() {
                    file(Sought::ReadsAll(activity.stage, &activity.process));
                }
                series_place(statement).iter().for_each(|place| file(Sought::Readings(place)));
            }
            Statement::Product(product) => {
                for process in &product.processes {
                    file(Sought::Lists(process.stage, &process.name));
                }
                file(Sought::Named(product.name.as_str()));
                product.ids.iter().for_each(|id| file(Sought::Declares(id)));
                tags_of(product).for_each(|(_, tag)| file(Sought::Tagged(&tag)));
            }
            Statement::Factor(factor) => {
                file(Sought::Factor(&factor.factor));
                let year = factor.year.as_i16();
                let series = Series::of(&factor.factor, year, factor.category, factor.unit);
                series.into_iter().for_each(|series| file(Sought::Edition(series)));
            }
            Statement::SupplierFootprint(bought) => {
                file(Sought::Footprint(&bought.footprint));
                // A document that cannot be read is refused at the door, or an audit's finding.
                let Ok((document, _)) = pact::read(bought.document.as_bytes()) else { return };
                document.preceding_pf_ids.iter().for_each(|id| file(Sought::Supersedes(id)));
            }
            Statement::Publication(publication) => {
                file(Sought::Publishes(&publication.product));
                if publication.status == PublicationStatus::Final {
                    for earlier in &publication.preceding {
                        file(Sought::Follows(&sha256(&[earlier.as_str().as_bytes()])));
                    }
                }
            }
            Statement::Assurance(assurance) => file(Sought::Assures(&assurance.figures)),
            _ => {}
        }
    }

    /// Files a statement of which only the header is at hand under all that the header tells, but for what
    /// an activity puts out.
    pub(super) fn of_header(header: &Header, file: &mut impl FnMut(Sought<'_>)) {
        match header {
            Header::Activity(said) if said.is_for_all() => file(Sought::ReadsAll(said.stage, &said.process)),
            Header::Factor(said) => file(Sought::Factor(&said.factor)),
            Header::SupplierFootprint(said) => file(Sought::Footprint(&said.footprint)),
            Header::Whole(statement) => Self::of(statement, file),
            Header::Activity(_) | Header::Annual(_) => {}
        }
    }
}

/// Files a claim under each certificate that it names.
fn claims(instrument: &CertificateId, file: &mut impl FnMut(Sought<'_>)) {
    instrument.certificates().ids().for_each(|id| file(Sought::Instrument(&id)));
}

/// What stands for a unit process, whoever has it.
fn key_of_process(stage: Stage, process: &Text) -> Sha256Bytes {
    sha256(&[stage.as_str().as_bytes(), b"\0", process.as_str().as_bytes()])
}

/// The first eight bytes, kept apart by what they are of: each table takes its own part of the
/// range.
fn tag(table: u8, digest: &Sha256Bytes) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *digest;
    let spread = u64::from(table).wrapping_mul(0x9e37_79b9_7f4a_7c15); // by the golden ratio
    u64::from_be_bytes([a, b, c, d, e, f, g, h]) ^ spread
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn one_text_has_another_tag_in_each_table() {
        let (product, factor, footprint): (ProductId, FactorId, FootprintId) = (
            "urn:gtin:06901234000016".parse().unwrap(),
            "urn.gtin.1".parse().unwrap(),
            "00000000-0000-4000-8000-000000000001".parse().unwrap(),
        );
        let process: Text = "casting".parse().unwrap();
        let made = ProductTag::from_bytes(sha256(&[b"x"]));
        let (digest, id) = (sha256(&[b"x"]), StatementId::from_bytes(sha256(&[b"x"])));
        let tags = [
            Sought::Statement(&id),
            Sought::Seal(&digest),
            Sought::Subject(StatementKind::Activity, &digest),
            Sought::Subject(StatementKind::Product, &digest),
            Sought::Kind(StatementKind::Product),
            Sought::Declares(&product),
            Sought::Makes(&made),
            Sought::Tagged(&made),
            Sought::Readings(&digest),
            Sought::Lists(Stage::Use, &process),
            Sought::ReadsAll(Stage::Use, &process),
            Sought::Publishes(&product),
            Sought::Factor(&factor),
            Sought::Footprint(&footprint),
            Sought::Supersedes(&footprint),
            Sought::Follows(&digest),
        ]
        .map(|sought| sought.tag());
        assert_eq!(tags.iter().collect::<BTreeSet<_>>().len(), tags.len());
    }
}
