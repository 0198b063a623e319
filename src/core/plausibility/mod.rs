//! Plausibility: what a calculation accepts, or refuses, and a person most often got wrong. A list of small pure rules over an inventory; all
//! of them run, and each finding names its statements and says how to mend it. Judges; changes no figure, appends nothing, and of the
//! command knows the verbs that its remedies name.

/// How what is part of a statement's subject is corrected: by taking the statement back first.
macro_rules! withdrawing {
    () => {
        "`pcf withdraw ID --reason 'recorded anew' --sign-with KEY`"
    };
}

mod amounts;
mod before;
mod biogenic;
mod calculation;
mod days;
mod doubles;
mod electricity;
mod energy;
mod factors;
mod haulage;
mod kinds;
mod mass;
mod newer;
mod recipes;
mod restated;
mod sites;
mod survey;
mod units;
mod values;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use crate::calc::{Choices, Inventory, Request};
pub use crate::checks::Severity;
use crate::codec::digest::sha256;
use crate::model::{
    Co2e, DataCoverage, Date, Decimal, Digest, FactorCategory, FactorId, FootprintId, GwpSet, Period,
    ProductId, StatementId, Unit, Year,
};

pub use days::{Known, MonthRow, Months};
pub use survey::Survey;

use factors::Factors;
use view::View;

/// What a finding says of emissions that are not in the figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LeftOut {
    /// Nothing is left out.
    #[default]
    Nothing,
    /// Something is, and nothing tells how much.
    Unknown,
    /// About so much, in kg CO2e per declared unit.
    About(Co2e),
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subject {
    /// The product.
    pub product: ProductId,
    /// The period that was looked at.
    pub period: Period,
    /// The statements; empty where something is missing altogether.
    pub statements: Vec<StatementId>,
    /// The factor, footprint or country that the remedy names, where it names one.
    pub names: Option<String>,
    /// What is not in the figure: it is accepted only with an estimate.
    pub left_out: LeftOut,
}

impl Subject {
    /// A product in a period, and statements of it.
    const fn new(product: ProductId, period: Period, statements: Vec<StatementId>) -> Self {
        Self { product, period, statements, names: None, left_out: LeftOut::Nothing }
    }
}

/// One thing that a rule of [`RULES`] found.
pub type Finding = crate::checks::Finding<Subject>;

impl Finding {
    /// What the finding is: SHA-256 of its rule, product, period and sentence, in which ids of
    /// statements do not count. A finding about other days or amounts is another one.
    pub fn id(&self) -> Digest {
        let mut sentence = String::with_capacity(self.sentence.len());
        for (place, part) in self.sentence.split(|c: char| !c.is_ascii_alphanumeric()).enumerate() {
            let is_id = part.len() == 64 && part.bytes().all(|b| b.is_ascii_hexdigit());
            sentence.push_str(if place > 0 { " " } else { "" });
            sentence.push_str(if is_id { "" } else { part });
        }
        let (product, period) = (self.about.product.as_str(), self.about.period.to_string());
        let parts = [self.rule, "\0", product, "\0", &period, "\0", &sentence].map(str::as_bytes);
        Digest::from_bytes(sha256(&parts))
    }

    /// The first characters of [`Self::id`]: what a person types.
    pub fn short_id(&self) -> String {
        self.id().to_string().chars().take(SHORT_ID).collect()
    }

    /// The same, with what it leaves out of the figure.
    fn leaving_out(mut self, left_out: LeftOut) -> Self {
        self.about.left_out = left_out;
        self
    }
}

/// How many characters of a finding's id are shown.
const SHORT_ID: usize = 12;

/// A factor that can be had, beside those that the inventory holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub factor: FactorId,
    /// What it is for.
    pub category: FactorCategory,
    /// What it is per.
    pub unit: Unit,
    /// The year it describes.
    pub year: Year,
}

/// What is looked at, and what the rules may know beside the inventory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Only these products, by the ids they are filed under; absent: all.
    pub products: Option<BTreeSet<ProductId>>,
    /// Only this period; absent: every year, or longer span, that a product has gate statements of.
    pub period: Option<Period>,
    /// Exactly this question, of every product that is looked at, in place of period and set.
    pub request: Option<Request>,
    /// The set that gases are characterised with; absent: AR6.
    pub gwp: Option<GwpSet>,
    /// Factors that can be had.
    pub offers: Vec<Offer>,
    /// Days from this one on are still to come: that nothing is known of them is no finding.
    pub today: Option<Date>,
    /// A gap in readings below this percentage of the figure to the gate is a note; absent: 1.
    pub gap_percent_max: Option<Decimal>,
    /// Suppliers' footprints that a later one names as its predecessor, to that later one.
    pub superseded: BTreeMap<FootprintId, FootprintId>,
}

/// What was looked at and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Checked {
    /// Each product with what was asked of it: a period each, and each scenario in it.
    pub looked_at: BTreeMap<ProductId, Vec<Request>>,
    /// What was found: what stops first, then by product and rule.
    pub findings: Vec<Finding>,
}

/// Every rule by its name, with what it asks and its threshold.
pub const RULES: &[(&str, &str)] = &[
    ("calculation", "is there a figure: every source known, every unit fitting, every guard met"),
    ("process-missing", "does every listed process of the boundary have data"),
    ("overlapping-periods", "do two statements of one process and site share a day"),
    ("output-days", "is output stated for every day from the first to the last"),
    ("reading-beyond-output", "does a reading begin and end with what was made of all that it is for"),
    (
        "flow-coverage",
        "is every flow of energy and emission read on the days on which there is output; a gap below 1 % of the gate is a note",
    ),
    ("energy-missing", "does every production, by site and batch, have energy, an emission or an exclusion"),
    ("short-period", "do the data to the gate span 12 months"),
    ("uneven-units", "did the processes to the gate go through the same units, within 2 %"),
    (
        "biogenic-balance",
        "does biogenic carbon balance at the gate, within 1 % (5 % stops), and over the whole life, within 5 %",
    ),
    ("certificate-claims", "do all claims of a certificate stay within its kWh and say the same of it"),
    ("mass-balance", "does the mass that goes in agree with products and waste, within 5 %"),
    ("end-of-life-shares", "does the mass at the end of life add up to product and packaging, within 2 %"),
    ("declared-mass", "does a product declared by its mass weigh what is declared"),
    (
        "packaging-included",
        "is packaging in no process to the gate where the product says that it is not included",
    ),
    (
        "far-from-before",
        "do energy and material per declared unit lie within a factor of 2 of the product's other periods",
    ),
    ("transport-missing", "is everything bought hauled in, or marked as delivered, within 5 % of its mass"),
    ("inbound-haulage", "does haulage of materials stand before the gate, in procurement"),
    ("haulage-mass", "does a transport carry more than 20 times the mass that there is to carry"),
    ("name-twice", "do two flows of one statement have one name"),
    ("counted-twice", "does the same amount of the same source stand in two processes"),
    ("stated-again", "is one amount of a material or haulage stated twice for the same days"),
    ("total-beside-parts", "does an amount of a source add up from others of the same source and days"),
    (
        "recipe-beside-measured",
        "does a flow stand in a recipe and among what was measured of the same process",
    ),
    ("recipes-averaged", "do several recipes of one process state the same flow"),
    ("one-site-as-two", "do two sites state the same output, within 1 %, in most of their periods"),
    ("scrap-as-output", "is an output scrap or waste"),
    ("negative-amount", "is an amount below zero"),
    ("period-end", "does a period end with the last day of a month, which is then not in it"),
    ("offset", "does a removal or a credit lower the figure"),
    ("older-edition", "is there a newer edition of a factor for the period"),
    ("electricity-factor", "does an electricity factor lie from 0 to 2 kg CO2e per kWh"),
    ("carbon-and-mass", "does a product weigh something, and hold no more carbon than that"),
    (
        "recycling-at-gate",
        "does a figure cradle-to-gate under cff rest on materials that state A as 1, or none",
    ),
    (
        "period-ahead",
        "does a measured period begin after today, or, of days that are asked for, end after it",
    ),
    (
        "factor-year",
        "is a factor's year within reach: at most 3 years away for electricity, 10 years older or 3 newer for others",
    ),
    ("factor-region", "does the electricity factor hold where the site is"),
    (
        "generation-without-claim",
        "does a certificate, a contract or a meter on the site stand behind electricity from wind, sun or water",
    ),
    ("certificate-age", "was a certificate's electricity generated within 12 months of its use"),
    ("factor-licence", "does a factor's licence name a day that was over before the period"),
    ("gwp-unstated", "does every factor state its GWP set; asked of a period"),
    ("gwp-sets", "does one set of characterisation factors underlie the figure"),
    ("declared-amount", "is a supplier's footprint used with the amount that it is declared per"),
    ("superseded", "does a supplier's footprint have a newer version"),
    ("publication-behind", "does the newest publication still say what the statements give"),
];

/// How much of a period the data to the gate of a product cover; none where nothing was measured.
pub fn coverage(inventory: &Inventory, product: &ProductId, request: &Request) -> Option<DataCoverage> {
    of_one(inventory, product, request, days::coverage)?
}

/// Of each process to the gate of a product, which months of a period are known.
pub fn months(inventory: &Inventory, product: &ProductId, request: &Request) -> Months {
    of_one(inventory, product, request, Months::of).unwrap_or_default()
}

/// What is asked of one product in one period; none of an unknown one.
fn of_one<T>(
    inventory: &Inventory,
    product: &ProductId,
    request: &Request,
    ask: impl FnOnce(&View<'_>) -> T,
) -> Option<T> {
    let filed = inventory.aliases.get(product).unwrap_or(product);
    let (id, held) = inventory.products.get_key_value(filed)?;
    let asked = Asked { period: Some(request.period), ..Asked::default() };
    let factors = Factors::new(inventory, &asked);
    let chosen = (Choices::new(inventory, request).of(id), Vec::new());
    Some(ask(&View::new((inventory, &asked, &factors), (id, &held.statement), request, chosen)))
}

/// Runs every rule on every product and period that is asked for.
pub fn check(inventory: &Inventory, asked: &Asked) -> Checked {
    let mut survey = Survey::default();
    survey.look(inventory, asked);
    survey.finish()
}

fn rules(view: &View<'_>, findings: &mut Vec<Finding>) {
    days::look(view, findings);
    energy::look(view, findings);
    units::look(view, findings);
    mass::balance(view, findings);
    mass::end_of_life(view, findings);
    mass::declared(view, findings);
    before::look(view, findings);
    haulage::missing(view, findings);
    haulage::wrong_stage(view, findings);
    haulage::too_much(view, findings);
    doubles::names(view, findings);
    doubles::amounts(view, findings);
    restated::look(view, findings);
    recipes::look(view, findings);
    sites::look(view, findings);
    values::look(view, findings);
    kinds::look(view, findings);
    factors::look(view, findings);
    electricity::look(view, findings);
    newer::suppliers(view, findings);
}
