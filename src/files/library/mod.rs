//! The shipped factor library: published emission factors with source, licence and confidence, and
//! their translation into factor statements. A row is translated exactly or refused with a reason;
//! nothing is converted by rounding. Sources and attributions are in `README.md` beside this file.

mod search;
mod translate;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

pub use self::search::Search;
pub(crate) use self::search::{meanings, names};
use super::ExchangeError;
use pcf_core::model::{ActorId, Factor};

/// The rows as they are shipped.
const SHIPPED: [(&str, &str); 2] =
    [("factors.csv", include_str!("factors.csv")), ("factors2.csv", include_str!("factors2.csv"))];

/// One row of the library, as its source has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct Row {
    /// Its id, which is the id of the factor made of it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub category: String,
    /// What the value is per.
    pub unit: String,
    /// kg CO2e per unit, as published.
    pub kgco2e_per_unit: String,
    /// kg CO2 per unit, where it is known: informational.
    #[serde(skip_serializing)]
    pub kg_co2: String,
    /// kg CH4 per unit, fossil and biogenic together: informational.
    #[serde(skip_serializing)]
    pub kg_ch4: String,
    /// kg N2O per unit: informational.
    #[serde(skip_serializing)]
    pub kg_n2o: String,
    /// The GWP set the value rests on, as far as the source says.
    pub gwp_set: String,
    /// What the value holds.
    pub boundary: String,
    /// Where it holds.
    pub geography: String,
    /// The year or edition.
    pub year: String,
    /// Who published it.
    pub source: String,
    /// Where.
    #[serde(skip_serializing)]
    pub source_url: String,
    /// Under which licence.
    pub licence: String,
    /// Whether it may be shipped: always begins with `yes` here.
    #[serde(skip_serializing)]
    pub shippable: String,
    /// How sure the row is: high or medium.
    pub confidence: String,
    /// What a user should know.
    pub notes: String,
}

/// What has to be shown with rows of a source, by how their ids begin.
const ATTRIBUTIONS: &[(&str, &str)] = &[
    ("uk.desnz", "Contains public sector information licensed under the Open Government Licence v3.0."),
    (
        "ember.",
        "Ember (ember-energy.org) and Our World in Data (ourworldindata.org), CC BY 4.0; converted from g to kg per kWh.",
    ),
    ("cn.mee.", "Ministry of Ecology and Environment of the People's Republic of China"),
    ("cn.ndrc.", "National Development and Reform Commission of the People's Republic of China"),
    ("ipcc.", "IPCC, as cited"),
    (
        "tw.moenv.",
        "環境部氣候變遷署（Ministry of Environment, Taiwan）, 產品碳足跡排放係數 CFP_P_02, 2026. 此開放資料依政府資料開放授權條款 (Open Government Data License) 進行公眾釋出，使用者於遵守本條款各項規定之前提下，得利用之。",
    ),
    ("fr.ademe.", "ADEME, Base Carbone V23.6, export of 9 July 2025"),
    ("us.lci.", "National Renewable Energy Laboratory (NREL), U.S. Life Cycle Inventory Database"),
    ("us.epa.warm", "US EPA, Waste Reduction Model v15; no endorsement by EPA"),
    ("us.epa.", "US EPA, GHG Emission Factors Hub"),
];

/// The rows of the library, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    rows: Vec<Row>,
}

impl Library {
    /// The library that is shipped with the program, read once.
    ///
    /// # Errors
    /// [`ExchangeError::Unreadable`] where the shipped file was damaged before it was compiled in.
    ///
    /// ```
    /// use pcf_files::library::Library;
    /// let library = Library::shipped()?;
    /// let row = library.find("cn.mee.elec_footprint.2024.national").unwrap();
    /// assert_eq!(row.kgco2e_per_unit, "0.5777");
    /// assert!(library.find("no.such.factor").is_none());
    /// # Ok::<(), pcf_files::ExchangeError>(())
    /// ```
    pub fn shipped() -> Result<&'static Self, ExchangeError> {
        static LIBRARY: OnceLock<Library> = OnceLock::new();
        match LIBRARY.get() {
            Some(library) => Ok(library),
            None => {
                let library = Self::read()?;
                Ok(LIBRARY.get_or_init(|| library))
            }
        }
    }

    fn read() -> Result<Self, ExchangeError> {
        let mut rows: Vec<Row> = Vec::new();
        for (file, text) in SHIPPED {
            let sentence = |e: csv::Error| format!("the shipped factors cannot be read: {e}");
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let own: Result<Vec<Row>, csv::Error> = reader.deserialize().collect();
            rows.extend(
                own.map_err(|e| ExchangeError::Unreadable { file: file.into(), sentence: sentence(e) })?,
            );
        }
        Ok(Self { rows })
    }

    /// Every row.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row with this id.
    pub fn find(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }
}

impl Row {
    /// Who has to be named where the row is used; its source, where nobody asks for more.
    pub fn attribution(&self) -> &str {
        let known = ATTRIBUTIONS.iter().find(|(start, _)| self.id.starts_with(start));
        known.map_or(&self.source, |(_, attribution)| attribution)
    }

    /// The row as a factor statement with a zero salt, said by `by`.
    ///
    /// # Errors
    /// [`ExchangeError::Factor`] with the row's id and why it cannot be translated exactly.
    pub fn to_factor(&self, by: &ActorId) -> Result<Factor, ExchangeError> {
        translate::factor(self, by).map_err(|reason| ExchangeError::Factor { id: self.id.clone(), reason })
    }
}
