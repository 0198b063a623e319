//! Why rows of an import are refused, in sentences. It decides nothing.

use std::collections::BTreeSet;

use pcf_ledger::admission::{Refusal, Said};
use pcf_ledger::codec::decode_statement;
use pcf_ledger::ledger::LedgerError;
use pcf_ledger::model::{Statement, StatementId, folded};

use super::Place;
use super::same::difference;
use crate::DeskError;

pub(super) fn said(error: LedgerError, batch: &[Vec<u8>], places: &[Place]) -> DeskError {
    match error {
        LedgerError::Refused(refusal) => refused(refusal, batch, places),
        other => other.into(),
    }
}

pub(super) fn differs(
    place: &Place,
    coming: &Statement,
    live: &StatementId,
    (held, lacked): (&Said, &[String]),
) -> String {
    let kind = coming.kind();
    match held {
        Said::Whole(held) if lacked.is_empty() => {
            let fields = difference(held, coming);
            format!("{place}: differs from the live {kind} statement {live} ({fields}); nothing was appended")
        }
        Said::Whole(_) => {
            let lacked = lacked.join(", ");
            format!(
                "{place}: the live production {live} states {lacked} too, which this one lacks; nothing was appended. Record what was used beside that as a reading, a row with its flow and without output, or every flow of the production in one file"
            )
        }
        Said::Header(_) => {
            format!(
                "{place}: the live {kind} statement about this, {live}, is redacted; nothing was appended"
            )
        }
    }
}

/// The flows of a live production that the coming one does not have, by name.
pub(super) fn lacked(held: &Said, coming: &Statement) -> Vec<String> {
    let (Said::Whole(Statement::Activity(held)), Statement::Activity(coming)) = (held, coming) else {
        return Vec::new();
    };
    let stated: BTreeSet<String> = coming.flows.iter().map(|flow| folded(flow.name.as_str())).collect();
    let lacked = held.flows.iter().filter(|flow| !stated.contains(&folded(flow.name.as_str())));
    lacked.map(|flow| format!("`{}`", flow.name)).collect()
}

/// Names the row where the refusal tells which statement it is about; else the rows of the
/// submission.
fn refused(refusal: Refusal, batch: &[Vec<u8>], places: &[Place]) -> DeskError {
    let ordinal = match &refusal {
        Refusal::Statement { ordinal, .. } | Refusal::OtherSigner { ordinal, .. } => {
            Some(ordinal.saturating_sub(1))
        }
        _ => {
            batch.iter().position(|bytes| decode_statement(bytes).is_ok_and(|own| speaks_of(&own, &refusal)))
        }
    };
    let place = ordinal.and_then(|n| places.get(n)).map_or_else(|| "refused".into(), Place::to_string);
    DeskError::Refused { place, refusal }
}

/// True where the refusal is about this statement, as far as its fields tell.
fn speaks_of(statement: &Statement, refusal: &Refusal) -> bool {
    match (refusal, statement) {
        (Refusal::NoRight { kind, .. }, _) => statement.kind() == *kind,
        (Refusal::NoStage { stage, .. }, Statement::Activity(a)) => a.stage == *stage,
        (Refusal::NoProcess { process, product, .. }, Statement::Activity(a)) => {
            a.process == *process && a.products().any(|id| id == product)
        }
        (
            Refusal::NoProduct { product, .. } | Refusal::UnknownProduct { product },
            Statement::Activity(a),
        ) => a.products().any(|id| id == product),
        (Refusal::NoProduct { product, .. }, Statement::Product(p)) => p.ids.contains(product),
        (Refusal::Owned { id, .. }, Statement::Product(p)) => p.ids.iter().any(|own| own.as_str() == id),
        (Refusal::Owned { id, .. }, Statement::Factor(f)) => f.factor.as_str() == id,
        _ => false,
    }
}
