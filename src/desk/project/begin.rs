//! A new project: the ledger with its keys, the company as its first actor, the project's file, and
//! a workbook to fill in. Nothing is ever overwritten.

use std::path::PathBuf;

use pcf_files::ExchangeError;
use pcf_files::csv::TableKind;
use pcf_files::template::{self, TableRows};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, Stage, StatementKind, Text, Urn};
use pcf_ledger::store::Holder;
use serde::Serialize;

use super::{FILE_NAME, Language, ProjectError, Written, write_new};
use crate::actors::{Enrolment, enrol};
use crate::create::{Created, Creation, KeyFiles, create};
use crate::session::Session;
use crate::{DeskError, keys, periods, write};

/// What the workbook is called.
const WORKBOOK: &str = "company.xlsx";

/// What a company may say of its own products.
const TYPES: [StatementKind; 6] = [
    StatementKind::Product,
    StatementKind::Factor,
    StatementKind::Activity,
    StatementKind::SupplierFootprint,
    StatementKind::Annual,
    StatementKind::Publication,
];

/// The stages whose activities a company may state.
const STAGES: [Stage; 7] = [
    Stage::Design,
    Stage::Procurement,
    Stage::Production,
    Stage::Transport,
    Stage::Storage,
    Stage::Use,
    Stage::Recycling,
];

/// A project to be begun.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// Its directory.
    pub dir: PathBuf,
    /// The company's name.
    pub company: Text,
    /// A domain of the company.
    pub domain: String,
    /// The company's id as an actor; from the domain where none is given.
    pub actor: Option<ActorId>,
    /// The name of the first product, and the unit that it is counted in.
    pub product: Option<(String, String)>,
    /// The period in use.
    pub period: Option<String>,
    /// The language of workbooks.
    pub language: Language,
}

/// A project that was begun.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Begun {
    /// The project's file.
    pub project: PathBuf,
    /// The company's id as an actor.
    pub actor: String,
    /// The company's key file.
    pub signer_key: PathBuf,
    /// The workbook to fill in.
    pub workbook: PathBuf,
    /// The id of the first product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The ledger.
    #[serde(flatten)]
    pub created: Created,
}

/// What was checked of a beginning.
struct Checked {
    domain: String,
    actor: ActorId,
    creation: Creation,
    company_id: Urn,
}

impl Beginning {
    /// Checks what can be checked before a passphrase is asked for.
    ///
    /// # Errors
    /// [`ProjectError`]; those of [`Creation::check`]; [`DeskError::KeyThere`]; [`DeskError::Value`].
    pub fn check(&self) -> Result<(), DeskError> {
        self.checked().map(drop)
    }

    fn checked(&self) -> Result<Checked, DeskError> {
        let file = self.dir.join(FILE_NAME);
        if file.exists() {
            return Err(ProjectError::There { file }.into());
        }
        if let Some(period) = &self.period {
            periods::read(period)?;
        }
        let domain = domain(&self.domain)?;
        let actor = match &self.actor {
            Some(actor) => actor.clone(),
            None => actor_of(&domain)?,
        };
        let (ledger, key_dir) = (self.dir.join("ledger"), self.dir.join("keys"));
        let origin = format!("{domain}/ledger").parse()?;
        let creation = Creation { dir: ledger, keys: KeyFiles::within(&key_dir), origin };
        creation.check()?;
        let signer = self.signer_key(&actor);
        let workbook = self.dir.join(WORKBOOK);
        if signer.exists() {
            return Err(DeskError::KeyThere { file: signer });
        }
        if workbook.exists() {
            return Err(ProjectError::There { file: workbook }.into());
        }
        let company_id = format!("urn:pact:{domain}:company-id:1").parse()?;
        Ok(Checked { domain, actor, creation, company_id })
    }

    fn signer_key(&self, actor: &ActorId) -> PathBuf {
        self.dir.join("keys").join(format!("{actor}.pem"))
    }
}

/// The domain in small letters, without a scheme or a path.
fn domain(text: &str) -> Result<String, ProjectError> {
    let refuse = || ProjectError::Domain { text: text.to_owned() };
    let domain = text.trim().to_lowercase();
    let label = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let labels: Vec<&str> = domain.split('.').collect();
    if labels.len() < 2 || !labels.iter().all(|part| label(part)) {
        return Err(refuse());
    }
    Ok(domain)
}

/// The id of an actor: the first label of its domain that is not `www`.
fn actor_of(domain: &str) -> Result<ActorId, ProjectError> {
    let label = domain.split('.').find(|label| *label != "www").unwrap_or_default();
    let id = label.parse::<ActorId>().ok().filter(|id| !id.is_reserved());
    id.ok_or_else(|| ProjectError::Actor { text: domain.to_owned() })
}

/// The last part of a product's id: its name in small letters, digits and hyphens.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        match c.is_ascii_alphanumeric() {
            true => slug.push(c),
            false if !slug.ends_with('-') => slug.push('-'),
            false => {}
        }
    }
    match slug.trim_matches('-') {
        "" => "1".to_owned(),
        slug => slug.to_owned(),
    }
}

/// Begins a project.
///
/// # Errors
/// Those of [`Beginning::check`]; those of [`create`] and [`enrol`]; [`DeskError::File`].
pub fn begin(
    session: &dyn Session,
    wanted: &Beginning,
    passphrase: Option<&[u8]>,
    holder: &Holder,
) -> Result<Begun, DeskError> {
    let Checked { domain, actor, creation, company_id } = wanted.checked()?;
    let (ledger_dir, operator_file) = (creation.dir.clone(), creation.keys.operator.clone());
    let created = create(session, creation, passphrase, holder)?;
    let signer_key = wanted.signer_key(&actor);
    let key = keys::create(session, &signer_key, passphrase)?;
    let operator = keys::read(&operator_file, passphrase)?;
    let mut ledger = Ledger::open(&ledger_dir, holder)?;
    let enrolment = Enrolment {
        actor: actor.clone(),
        name: Some(wanted.company.clone()),
        keys: vec![keys::public(&key)],
        company_ids: vec![company_id],
        types: TYPES.into(),
        stages: STAGES.into(),
        products: Vec::new(),
        rights_anew: false,
    };
    enrol(session, &mut ledger, &operator, enrolment)?;
    let file = wanted.dir.join(FILE_NAME);
    let period = wanted.period.as_deref();
    let (company, language) = (wanted.company.as_str(), wanted.language);
    write_new(&file, &Written { company, signer: &actor, period, language })?;
    let product = wanted.product.as_ref();
    let product_id = product.map(|(name, _)| format!("urn:pact:{domain}:product-id:{}", slug(name)));
    let rows =
        product.zip(product_id.as_ref()).map(|((name, unit), id)| first_product(id, name, unit, &actor));
    let workbook = wanted.dir.join(WORKBOOK);
    let bytes =
        template::workbook_of(wanted.language == Language::Chinese, &rows.into_iter().collect::<Vec<_>>());
    let unwritten = |sentence| ExchangeError::Unreadable { file: workbook.display().to_string(), sentence };
    write::new(&workbook, &bytes.map_err(unwritten)?)?;
    Ok(Begun { project: file, actor: actor.to_string(), signer_key, workbook, product: product_id, created })
}

/// The rows of the first product: what is bought for it and what is made of that.
fn first_product(id: &str, name: &str, unit: &str, actor: &ActorId) -> TableRows {
    let cell = |column: &str, text: &str| (column.to_owned(), text.to_owned());
    let of = |stage: &str, process: &str| {
        vec![cell("id", id), cell("stage", stage), cell("process", process), cell("signers", actor.as_str())]
    };
    let mut first = of("procurement", "materials and parts");
    first.extend([
        cell("name", name),
        cell("boundary", "cradle-to-gate"),
        cell("declared_amount", "1"),
        cell("declared_unit", unit),
    ]);
    (TableKind::Products, vec![first, of("production", "production")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_gives_the_actor_and_nothing_else_passes_for_one() {
        assert_eq!(domain(" WWW.Hengda-Tyres.example ").unwrap(), "www.hengda-tyres.example");
        assert_eq!(actor_of("www.hengda-tyres.example").unwrap().as_str(), "hengda-tyres");
        for text in ["https://acme.example", "acme", "acme.", "a b.example", "-a.example", "acme.example/x"] {
            assert!(domain(text).is_err(), "{text}");
        }
        assert!(actor_of("operator.example").is_err(), "the operator is another");
    }

    #[test]
    fn a_name_gives_the_end_of_an_id() {
        assert_eq!(slug("Tyre 205/55 R16"), "tyre-205-55-r16");
        assert_eq!(slug("轮胎"), "1");
    }
}
