//! Actors: enrolling them, what they may sign, and keys that count no more.

mod revoke;

use pcf_ledger::admission::Book;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    Actor, ActorId, ProductId, PublicKey, Rights, Salt, Stage, StatementKind, Text, Urn, look_alike,
};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::Store;
use serde::Serialize;

use crate::keys::check_operator;
use crate::session::Session;
use crate::{DeskError, Note};

pub use revoke::{Fallen, Revocation, Revoked, revoke};

/// An actor to be enrolled, or what is added to one.
#[derive(Debug)]
pub struct Enrolment {
    /// The actor's id.
    pub actor: ActorId,
    /// The name; a new actor needs one.
    pub name: Option<Text>,
    /// Keys that are added.
    pub keys: Vec<PublicKey>,
    /// Company ids that are added.
    pub company_ids: Vec<Urn>,
    /// Statement types that are added.
    pub types: Vec<StatementKind>,
    /// Stages that are added.
    pub stages: Vec<Stage>,
    /// Products that are added to the only ones.
    pub products: Vec<ProductId>,
    /// True where the rights that the actor has are taken away first.
    pub rights_anew: bool,
}

/// An actor that was enrolled or changed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Enrolled {
    /// The actor.
    pub actor: String,
    /// The index in the log.
    pub index: u64,
    /// The actor's statement.
    pub statement: String,
    /// The statement whose place it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
}

/// An actor as it holds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// The actor's id.
    pub actor: String,
    /// The actor's name.
    pub name: String,
    /// The company's ids.
    pub company_ids: Vec<String>,
    /// The statement types that the actor may sign.
    pub types: Vec<String>,
    /// The stages whose activities the actor may sign.
    pub stages: Vec<String>,
    /// The only products, where there is a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub products: Option<Vec<String>>,
    /// The actor's keys.
    pub keys: Vec<ShownKey>,
    /// The statement that holds.
    pub statement: String,
    /// All statements about the actor.
    pub history: Vec<String>,
}

/// A key with the log indices between which it counts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownKey {
    /// The key.
    pub key: String,
    /// The first index at which it counts.
    pub enrolled: u64,
    /// The first index at which it counts no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<u64>,
}

/// All actors.
#[derive(Debug, Serialize)]
pub struct Listed {
    /// One each.
    pub actors: Vec<Shown>,
}

/// Enrols an actor, or adds keys and rights to an enrolled one.
///
/// # Errors
/// [`DeskError::NotOperator`]; [`DeskError::NameMissing`]; [`DeskError::Ledger`].
pub fn enrol<S: Store>(
    session: &dyn Session,
    ledger: &mut Ledger<S>,
    operator: &SigningKey,
    wanted: Enrolment,
) -> Result<Enrolled, DeskError> {
    check_operator(ledger.book(), operator)?;
    let actor = merged(ledger.book(), wanted)?;
    if actor.keys.is_empty() {
        session.note(&Note::NoKey(actor.actor.clone()));
    }
    if actor.rights.types.contains(&StatementKind::Activity) && actor.rights.stages.is_empty() {
        session.note(&Note::NoStage(actor.actor.clone()));
    }
    warn_of_likeness(session, ledger.book(), &actor)?;
    let (id, replaces) = (actor.actor.to_string(), actor.replaces.map(|id| id.to_string()));
    let receipt = session.append(ledger, operator, vec![actor.into()])?;
    let statement = receipt.ids.first().map(ToString::to_string).unwrap_or_default();
    Ok(Enrolled { actor: id, index: receipt.index, statement, replaces })
}

/// The actor as it holds, with what is added.
fn merged(book: &Book, wanted: Enrolment) -> Result<Actor, DeskError> {
    let nothing = || Rights { products: None, stages: Vec::new(), types: Vec::new() };
    let mut actor = match (book.actor(&wanted.actor)?, &wanted.name) {
        (Some((earlier, actor)), _) => Actor { replaces: Some(earlier), revoked: Vec::new(), ..actor },
        (None, Some(name)) => Actor {
            actor: wanted.actor,
            by: ActorId::operator(),
            company_ids: Vec::new(),
            keys: Vec::new(),
            name: name.clone(),
            replaces: None,
            revoked: Vec::new(),
            rights: nothing(),
            salt: Salt::from_bytes([0; 16]),
            r#type: Default::default(),
            v: Default::default(),
        },
        (None, None) => return Err(DeskError::NameMissing { actor: wanted.actor }),
    };
    if let Some(name) = wanted.name {
        actor.name = name;
    }
    if wanted.rights_anew {
        actor.rights = nothing();
    }
    merge(&mut actor.keys, wanted.keys);
    merge(&mut actor.company_ids, wanted.company_ids);
    merge(&mut actor.rights.types, wanted.types);
    merge(&mut actor.rights.stages, wanted.stages);
    if !wanted.products.is_empty() {
        merge(actor.rights.products.get_or_insert_default(), wanted.products);
    }
    Ok(actor)
}

/// Two actors whose names a reader takes for one another.
fn warn_of_likeness(session: &dyn Session, book: &Book, actor: &Actor) -> Result<(), DeskError> {
    let alike =
        |other: &&Actor| other.actor != actor.actor && look_alike(other.name.as_str(), actor.name.as_str());
    if let Some(other) = book.actors()?.values().map(|(_, other)| other).find(alike) {
        let (actor, other, name) = (actor.actor.clone(), other.actor.clone(), other.name.to_string());
        session.note(&Note::LooksAlike { actor, other, name });
    }
    Ok(())
}

fn merge<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !list.contains(&item) {
            list.push(item);
        }
    }
}

/// Returns every actor that holds.
///
/// # Errors
/// [`DeskError::Ledger`].
pub fn list(book: &Book) -> Result<Listed, DeskError> {
    let mut actors = Vec::new();
    for id in book.actors()?.keys() {
        actors.extend(shown(book, id)?);
    }
    Ok(Listed { actors })
}

/// Returns an actor that holds.
///
/// # Errors
/// [`DeskError::UnknownActor`].
pub fn show(book: &Book, id: &ActorId) -> Result<Shown, DeskError> {
    shown(book, id)?.ok_or_else(|| DeskError::UnknownActor { actor: id.clone() })
}

fn shown(book: &Book, id: &ActorId) -> Result<Option<Shown>, DeskError> {
    let Some((statement, actor)) = book.actor(id)? else { return Ok(None) };
    let keys = book.keyring()?.keys_of(id).into_iter();
    Ok(Some(Shown {
        actor: id.to_string(),
        name: actor.name.to_string(),
        company_ids: texts(&actor.company_ids),
        types: texts(&actor.rights.types),
        stages: texts(&actor.rights.stages),
        products: actor.rights.products.as_ref().map(|p| texts(p)),
        keys: keys
            .map(|(key, s)| ShownKey { key: key.to_string(), enrolled: s.enrolled, revoked: s.revoked })
            .collect(),
        statement: statement.to_string(),
        history: texts(&book.actor_history(id)?),
    }))
}

fn texts<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}
