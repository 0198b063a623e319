//! A key that no longer counts, from now on or from an earlier index on.

use pcf_ledger::admission::Book;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{self, Actor, ActorId, PublicKey, StatementId, Whole};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::Store;
use serde::Serialize;

use crate::DeskError;
use crate::keys::check_operator;
use crate::session::Session;

/// A key to be revoked.
#[derive(Debug)]
pub struct Revocation {
    /// The actor.
    pub actor: ActorId,
    /// The key.
    pub key: PublicKey,
    /// The first index at which its statements no longer hold; left out, the next one.
    pub from: Option<u64>,
    /// Appends nothing.
    pub dry_run: bool,
}

/// A key that was revoked, or would be.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Revoked {
    /// The actor.
    pub actor: ActorId,
    /// The key.
    pub key: PublicKey,
    /// The first index at which it counts no more.
    pub from: u64,
    /// The index of the revocation in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<StatementId>,
    /// The statements that no longer hold.
    pub fallen: Vec<Fallen>,
    /// How many keys the actor has left.
    pub keys_left: usize,
    /// True where nothing was appended.
    pub dry_run: bool,
}

/// A statement that no longer holds.
#[derive(Debug, Serialize)]
pub struct Fallen {
    /// The statement.
    pub statement: StatementId,
    /// Its type.
    pub r#type: &'static str,
    /// The index of the revocation in the log.
    pub index: u64,
}

/// Revokes a key of an actor, or shows what would no longer hold.
///
/// # Errors
/// [`DeskError::NotOperator`]; [`DeskError::UnknownActor`]; [`DeskError::KeyNotInForce`]; [`DeskError::Index`]; [`DeskError::Ledger`].
pub fn revoke<S: Store>(
    session: &dyn Session,
    ledger: &mut Ledger<S>,
    operator: &SigningKey,
    wanted: Revocation,
) -> Result<Revoked, DeskError> {
    let Revocation { actor: id, key, from: given, dry_run } = wanted;
    check_operator(ledger.book(), operator)?;
    let unknown = || DeskError::UnknownActor { actor: id.clone() };
    let (earlier, actor) = ledger.book().actor(&id)?.ok_or_else(unknown)?;
    let mut actor = Actor { replaces: Some(earlier), revoked: Vec::new(), ..actor };
    if given.is_none() && !actor.keys.contains(&key) {
        return Err(DeskError::KeyNotInForce { key, actor: id });
    }
    actor.keys.retain(|own| *own != key);
    let from = given.unwrap_or_else(|| ledger.size());
    if given.is_some() {
        let from: Whole = from.to_string().parse().map_err(DeskError::Index)?;
        actor.revoked = vec![model::Revocation { from, key }];
    }
    let (fallen, keys_left) = (fallen(ledger.book(), &key, from)?, actor.keys.len());
    let receipt = match dry_run {
        true => None,
        false => Some(session.append(ledger, operator, vec![actor.into()])?),
    };
    Ok(Revoked {
        actor: id,
        key,
        from,
        index: receipt.as_ref().map(|receipt| receipt.index),
        statement: receipt.and_then(|receipt| receipt.ids.first().copied()),
        fallen,
        keys_left,
        dry_run,
    })
}

/// The live statements that the key signed at `from` and after.
fn fallen(book: &Book, key: &PublicKey, from: u64) -> Result<Vec<Fallen>, DeskError> {
    let (first, mut fallen) = (book.first_of(from)?, Vec::new());
    for (number, entry) in (first..).zip(book.entries(first..book.statements())) {
        let entry = entry?;
        if book.key_at(entry.index)? == Some(*key) && book.holds_at(number)? {
            fallen.push(Fallen { statement: entry.id, r#type: entry.kind.as_str(), index: entry.index });
        }
    }
    Ok(fallen)
}
