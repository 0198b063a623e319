//! The factors of a ledger, and those of the shipped library.

use pcf_files::library::{Library, Row};
use pcf_ledger::admission::Book;
use pcf_ledger::model::{ActorId, Factor, FactorId, FactorValue, Scope, StatementId};
use serde::Serialize;

use crate::DeskError;

/// All factors of a ledger.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct FactorList {
    /// The factors, by id.
    pub factors: Vec<FactorLine>,
}

/// A factor of a ledger.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FactorLine {
    /// Its id.
    pub factor: FactorId,
    /// Its name.
    pub name: String,
    /// Its values with their categories, or the gases it is made of.
    pub values: String,
    /// What they are per.
    pub unit: String,
    /// What it is for.
    pub category: String,
    /// What of the life of its subject it holds.
    pub scope: String,
    /// Where it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geography: Option<String>,
    /// The year it describes.
    pub year: String,
    /// Who published it.
    pub source: String,
    /// Under which licence.
    pub licence: String,
    /// The actor who said it.
    pub by: String,
    /// Its statement.
    pub statement: String,
}

/// Lists the factors of a ledger.
///
/// # Errors
/// [`DeskError::Value`].
pub fn factors(book: &Book) -> Result<FactorList, DeskError> {
    let held = book.factors()?;
    let factors = held.values().map(|(id, factor)| shown(id, factor)).collect::<Result<_, _>>()?;
    Ok(FactorList { factors })
}

fn shown(statement: &StatementId, factor: &Factor) -> Result<FactorLine, DeskError> {
    let values = match factor.value()? {
        FactorValue::Characterised(values, set) => {
            let each: Vec<String> =
                values.iter().map(|(category, kg)| format!("{kg} kg CO2e {category}")).collect();
            format!("{} ({set})", each.join(", "))
        }
        FactorValue::Gases(gases) => {
            gases.iter().map(|(gas, kg)| format!("{kg} kg {gas}")).collect::<Vec<_>>().join(", ")
        }
    };
    Ok(FactorLine {
        factor: factor.factor.clone(),
        name: factor.name.to_string(),
        values,
        unit: factor.unit.to_string(),
        category: factor.category.to_string(),
        scope: factor.scope.to_string(),
        geography: factor.geography.as_ref().map(ToString::to_string),
        year: factor.year.to_string(),
        source: factor.source.to_string(),
        licence: factor.licence.to_string(),
        by: factor.by.to_string(),
        statement: statement.to_string(),
    })
}

/// A row of the shipped library, with what a factor statement makes of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LibraryFactor {
    /// The row.
    pub row: Row,
    /// Whom to name where it is used.
    pub attribution: String,
    /// What of the life of its subject the factor holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Why no factor can be made of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// Finds a row of the shipped library by its id, with or without `factor:`.
///
/// # Errors
/// [`DeskError::NotInLibrary`] with the nearest id; [`DeskError::Exchange`].
pub fn library_factor(id: &str) -> Result<LibraryFactor, DeskError> {
    let library = Library::shipped()?;
    let id = id.strip_prefix("factor:").unwrap_or(id).to_owned();
    crate::import::check_library(std::slice::from_ref(&id))?;
    let row = library.find(&id).ok_or(DeskError::NotInLibrary { id, near: None })?.clone();
    let made = row.to_factor(&ActorId::operator());
    Ok(LibraryFactor {
        attribution: row.attribution().to_owned(),
        scope: made.as_ref().ok().map(|factor| factor.scope),
        refused: made.err().map(|error| error.to_string()),
        row,
    })
}
