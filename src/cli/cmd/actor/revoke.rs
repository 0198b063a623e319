//! `pcf actor revoke`: a key that no longer counts, from now on or from an earlier index on.

use pcf_ledger::admission::Book;
use pcf_ledger::model::{Actor, ActorId, PublicKey, Revocation, StatementId, Whole};
use serde::Serialize;

use super::{check_operator, unknown};
use crate::context::Context;
use crate::error::CliError;
use crate::hints;
use crate::keys;
use crate::output::{Page, Report};

/// Revokes a key of an actor: from now on, or from an earlier index of the log on
///
/// A key that was stolen is revoked `--from` the first index that the thief may have signed at: its statements there and after no longer hold, what lies
/// before stands, and nothing that they replaced or withdrew comes back by itself. When the thief says he signed counts for nothing; the place in the log
/// does. `pcf log show` lists who sealed what.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf actor revoke acme --key acme-old.pem --from 12 --sign-with my-ledger-keys/operator.pem\n\n\
    JSON: {actor, key, from, index?, statement?, fallen: [{statement, type, index}], keysLeft, dryRun}"
)]
pub struct Revoke {
    /// The actor's id
    actor: ActorId,
    /// The key: its public key in base64, or its key file
    #[arg(long, value_name = "PUBLIC-KEY|FILE")]
    key: String,
    /// The first index of the log at which statements by this key no longer hold [default: the next one]
    #[arg(long, value_name = "INDEX")]
    from: Option<u64>,
    /// Shows what would no longer hold, and appends nothing
    #[arg(long)]
    dry_run: bool,
    /// The operator's key file
    #[arg(long, value_name = "KEY")]
    sign_with: std::path::PathBuf,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Revoked {
    actor: ActorId,
    key: PublicKey,
    from: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<StatementId>,
    fallen: Vec<Fallen>,
    keys_left: usize,
    dry_run: bool,
    /// The command that enrols another key.
    #[serde(skip)]
    next: String,
}

#[derive(Debug, Serialize)]
struct Fallen {
    statement: StatementId,
    r#type: &'static str,
    index: u64,
}

pub fn run(revoke: &Revoke, context: &Context) -> Result<(), CliError> {
    let key = keys::public_or_file(context, &revoke.key)?;
    let operator = keys::load(context, &revoke.sign_with)?;
    let mut ledger = context.open_ledger()?;
    check_operator(context, ledger.book(), &operator)?;
    let (earlier, actor) = ledger.book().actor(&revoke.actor).ok_or_else(|| unknown(&revoke.actor))?;
    let mut actor = Actor { replaces: Some(*earlier), revoked: Vec::new(), ..actor.clone() };
    if revoke.from.is_none() && !actor.keys.contains(&key) {
        let cause = format!("the key {key} is not one of `{}` in force", revoke.actor);
        return Err(CliError::no(cause).hint(format!("pcf actor show {}", revoke.actor)));
    }
    actor.keys.retain(|k| *k != key);
    let from = revoke.from.unwrap_or_else(|| ledger.size());
    if revoke.from.is_some() {
        let from: Whole = from.to_string().parse().map_err(CliError::usage)?;
        actor.revoked = vec![Revocation { from, key }];
    }
    let (fallen, keys_left) = (fallen(ledger.book(), &key, from), actor.keys.len());
    let receipt = match revoke.dry_run {
        true => None,
        false => Some(context.append(&mut ledger, &operator, vec![actor.into()])?),
    };
    context.output.report(&Revoked {
        actor: revoke.actor.clone(),
        key,
        from,
        index: receipt.as_ref().map(|receipt| receipt.index),
        statement: receipt.and_then(|receipt| receipt.ids.first().copied()),
        fallen,
        keys_left,
        dry_run: revoke.dry_run,
        next: hints::fill(
            &format!("pcf actor add {0} --key {0}-2.pem --sign-with operator.pem", revoke.actor),
            &context.dir,
        ),
    })
}

/// The live statements that the key signed at `from` and after.
fn fallen(book: &Book, key: &PublicKey, from: u64) -> Vec<Fallen> {
    // Entries stand in log order.
    let since = book.entries().partition_point(|entry| entry.index < from);
    let later = book.entries().from(since);
    let fallen = later.filter(|entry| book.key_at(entry.index) == Some(*key) && book.holds(&entry.id));
    fallen.map(|e| Fallen { statement: e.id, r#type: e.kind.as_str(), index: e.index }).collect()
}

impl Report for Revoked {
    fn text(&self, page: &mut Page) {
        let (actor, key, from) = (&self.actor, &self.key, self.from);
        page.line(match self.index {
            Some(index) => format!(
                "Revoked the key {key} of `{actor}` at index {index}: it counts no more from index {from} on"
            ),
            None => {
                format!("Would revoke the key {key} of `{actor}` from index {from} on; nothing was appended")
            }
        });
        match self.fallen.len() {
            0 => page.line("Every statement that holds still holds."),
            1 => page.line("1 statement no longer holds:"),
            n => page.line(format!("{n} statements no longer hold:")),
        }
        let rows: Vec<Vec<String>> = self
            .fallen
            .iter()
            .map(|f| vec![f.index.to_string(), f.r#type.to_owned(), f.statement.to_string()])
            .collect();
        if !rows.is_empty() {
            page.table(&[">index", "type", "statement"], &rows);
        }
        if self.keys_left == 0 && !self.dry_run {
            page.line(format!(
                "`{actor}` has no key left; a new one, and the statements again that are true:"
            ));
            page.line(format!("  pcf key new {actor}-2.pem"));
            page.line(format!("  {}", self.next));
        }
    }
}
