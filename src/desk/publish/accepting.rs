//! Findings that a publisher stands by, named by their rule: each becomes the findings of that rule
//! that this very publication has.

use std::collections::BTreeSet;

use pcf_ledger::ledger::Ledger;
use pcf_ledger::plausibility::{self, Finding, RULES};
use pcf_ledger::publish::{self, Acceptance, Order, Policy, PublishError};
use pcf_ledger::store::Reader;

use crate::DeskError;

/// Returns true for the name of a rule.
pub fn is_rule(name: &str) -> bool {
    RULES.iter().any(|(rule, _)| *rule == name)
}

/// What the rules find in the product: what needs attention, and notes.
fn findings<S: Reader>(ledger: &Ledger<S>, order: &Order, gate: &Policy) -> Result<Vec<Finding>, DeskError> {
    let mut findings = publish::prepare_with(ledger, order, gate)?.findings;
    let filed = ledger.book().filed_under(&order.product)?.unwrap_or_else(|| order.product.clone());
    let inventory = ledger.inventory_of(std::slice::from_ref(&filed))?;
    let asked = plausibility::Asked {
        products: Some(BTreeSet::from([filed])),
        request: Some(order.request.clone()),
        ..order.known.clone()
    };
    for note in plausibility::check(&inventory, &asked).findings {
        if !note.weighs() && findings.iter().all(|other| other.id() != note.id()) {
            findings.push(note);
        }
    }
    Ok(findings)
}

/// The order with an acceptance for each finding that is meant. Where `only_matching` is set, one
/// that no finding of this product answers to is left out: it is meant for another product.
///
/// # Errors
/// [`DeskError::Publish`] for a rule that has found nothing here; those of the calculation.
pub(super) fn by_finding<S: Reader>(
    ledger: &Ledger<S>,
    order: Order,
    gate: &Policy,
    only_matching: bool,
) -> Result<Order, DeskError> {
    let by_rule = order.accepted.iter().any(|accepted| is_rule(&accepted.finding));
    if order.accepted.is_empty() || !by_rule && !only_matching {
        return Ok(order);
    }
    let bare = Order { accepted: Vec::new(), ..order.clone() };
    let findings = findings(ledger, &bare, gate)?;
    let mut accepted = Vec::new();
    for wanted in order.accepted {
        let meant = |finding: &&Finding| match is_rule(&wanted.finding) {
            true => finding.rule == wanted.finding,
            false => finding.id().to_string().starts_with(&wanted.finding),
        };
        let matching: Vec<Acceptance> = findings
            .iter()
            .filter(meant)
            .map(|finding| Acceptance { finding: finding.id().to_string(), ..wanted.clone() })
            .collect();
        if matching.is_empty() && !only_matching {
            let ids: Vec<String> = findings.iter().map(Finding::short_id).collect();
            let found = if ids.is_empty() { "nothing".to_owned() } else { ids.join(", ") };
            return Err(PublishError::Accepted { finding: wanted.finding, found }.into());
        }
        for one in matching {
            if !accepted.iter().any(|other: &Acceptance| other.finding == one.finding) {
                accepted.push(one);
            }
        }
    }
    Ok(Order { accepted, ..order })
}
