//! The page that a person reads for one published footprint: one HTML file without script or outside resource. Owns what the page needs to be
//! told and the refusal to mix up things; never looks anything up, never calculates, never shortens without the exact figure beside it.

use askama::Template as _;

use pcf_core::model::{
    Actor, ActorId, Assurance, Co2e, Decimal, Digest, Factor, FootprintId, Product, Publication,
    RoundedFigures, Stage, StatementId, Text, Year,
};

use super::PageError;
use super::view::PageView;

/// Everything that one page shows.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// The published figures; with `rounded` the middles of those intervals.
    pub publication: &'a Publication,
    /// The intervals that the exact figures lie in, where the page does not show those.
    pub rounded: Option<&'a RoundedFigures>,
    /// True where the page shows nothing of the flows and factors behind the figures.
    pub withholds: bool,
    /// The id of the publication statement.
    pub statement: StatementId,
    /// The digest of the figures, which assurances name.
    pub figures_digest: Digest,
    /// Whether the publication still holds.
    pub standing: Standing,
    /// The product.
    pub product: &'a Product,
    /// The publisher: the product's owner.
    pub maker: &'a Actor,
    /// The ledger: the id of its genesis.
    pub ledger: StatementId,
    /// The log's verifier key, `name+hash+base64`.
    pub verifier_key: &'a str,
    /// The file name of the footprint proof that lies beside the page.
    pub proof_file: &'a str,
    /// What the calculation has to tell a reader, one sentence each.
    pub notes: Vec<String>,
    /// Flows that enter the figures, largest first; the page shows the first ten.
    pub contributions: Vec<ContributionRow>,
    /// Who signed what.
    pub signed: Vec<SignedBy>,
    /// Emission factors and bought footprints that enter.
    pub sources: Vec<Source>,
    /// Opinions on these figures.
    pub assurances: Vec<Assured<'a>>,
}

/// Whether a publication still holds, as far as the writer of the page knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing known speaks against it.
    Stands,
    /// A later publication follows it.
    Superseded {
        /// The later footprint.
        by: FootprintId,
    },
    /// Its publisher or the operator took it back.
    Withdrawn {
        /// Why.
        reason: Text,
    },
}

/// One flow's part in the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContributionRow {
    /// Its stage.
    pub stage: Stage,
    /// Its unit process.
    pub process: Text,
    /// The flow's name.
    pub flow: Text,
    /// Where its value comes from, in words.
    pub source: String,
    /// kg CO2e per declared unit, excluding uptake.
    pub kg: Co2e,
    /// Share of the figure, in percent.
    pub percent: Decimal,
}

/// What one actor signed with one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBy {
    /// The actor.
    pub actor: ActorId,
    /// The actor's name: the operator's claim.
    pub name: Text,
    /// What was signed, such as `3 activity statements (production), 1 product statement`.
    pub what: String,
    /// The fingerprint of the key.
    pub key: String,
    /// Where the seals are in the log, such as `5, 7`.
    pub seals: String,
}

/// A source of values, with what its licence asks to be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id in the ledger.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who published it, and where.
    pub source: String,
    /// The year it describes; absent where its document names none.
    pub year: Option<Year>,
    /// Where it holds; absent where its source names no place.
    pub geography: Option<String>,
    /// Under which licence it is given; absent for a document handed over between companies.
    pub licence: Option<String>,
}

impl From<&Factor> for Source {
    fn from(factor: &Factor) -> Self {
        let source = match &factor.source_version {
            Some(version) => format!("{}, {version}", factor.source),
            None => factor.source.to_string(),
        };
        Self {
            id: factor.factor.to_string(),
            name: factor.name.to_string(),
            source,
            year: Some(factor.year),
            geography: factor.geography.as_ref().map(ToString::to_string),
            licence: Some(factor.licence.to_string()),
        }
    }
}

/// An opinion, with the name of who gave it.
#[derive(Debug, Clone)]
pub struct Assured<'a> {
    /// The auditor's name: the operator's claim.
    pub name: Text,
    /// The opinion.
    pub assurance: &'a Assurance,
}

/// Writes the page as one HTML document.
///
/// # Errors
/// [`PageError::Mismatch`] where the product, the maker or an assurance belongs to another publication, or a footprint to the
/// grave lacks its figures.
pub fn render(page: &Page<'_>) -> Result<String, PageError> {
    let publication = page.publication;
    if !page.product.ids.contains(&publication.product) {
        let listed: Vec<&str> = page.product.ids.iter().map(AsRef::as_ref).collect();
        return mismatch(format!("the product {}", publication.product), listed.join(", "));
    }
    if page.maker.actor != publication.by {
        return mismatch(
            format!("the publisher {} as the maker", publication.by),
            page.maker.actor.to_string(),
        );
    }
    if let Some(other) = page.assurances.iter().find(|a| a.assurance.figures != page.figures_digest) {
        let expected = format!("an assurance of the figures {}", page.figures_digest);
        return mismatch(expected, other.assurance.figures.to_string());
    }
    Ok(PageView::new(page)?.render()?)
}

pub(super) fn mismatch<T>(expected: String, got: String) -> Result<T, PageError> {
    Err(PageError::Mismatch { expected, got })
}
