//! Operator, recovery and actors speak in each other's place.

use pcf_testing::{ACME, BOLT, LOG, Notary, OPERATOR, RECOVERY, actor, factor, public, with, withdrawal};
use serde_json::json;

use super::hall::has;

#[test]
fn the_operator_speaks_as_an_actor_or_as_recovery() {
    let mut notary = Notary::with_actors();
    has(&notary.refused(OPERATOR, &[factor("acme", "grid")]), "but `operator` sealed it");
    has(&notary.refused(OPERATOR, &[factor("operator", "grid")]), "may not sign statements of type `factor`");
    let as_recovery = json!({"type": "authority", "by": "recovery", "operatorKey": public(50)});
    has(&notary.refused(OPERATOR, &[as_recovery]), "but `operator` sealed it");
    has(
        &notary.refused(RECOVERY, &[with(actor("eve", &[60]), "by", "operator")]),
        "but `recovery` sealed it",
    );
    has(&notary.refused(LOG, &[actor("eve", &[60])]), "is unknown here");
}

#[test]
fn an_actor_withdraws_what_is_not_its_own_or_is_the_operators() {
    let mut notary = Notary::with_actors();
    let grid = notary.one(ACME, factor("acme", "grid"));
    has(&notary.refused(BOLT, &[withdrawal("bolt", &grid)]), "it is a statement of `acme`");
    let enrolment = notary.book.actor(&"bolt".parse().unwrap()).unwrap().unwrap().0;
    has(&notary.refused(BOLT, &[withdrawal("bolt", &enrolment)]), "it is a statement of `operator`");
    has(&notary.refused(OPERATOR, &[withdrawal("operator", &enrolment)]), "cannot be withdrawn");
}

#[test]
fn a_key_swapped_to_another_actor_within_one_submission() {
    let mut notary = Notary::with_actors();
    let acme = notary.book.actor(&"acme".parse().unwrap()).unwrap().unwrap().0;
    let bolt = notary.book.actor(&"bolt".parse().unwrap()).unwrap().unwrap().0;
    let swap =
        [with(actor("acme", &[11]), "replaces", acme), with(actor("bolt", &[BOLT, ACME]), "replaces", bolt)];
    has(&notary.refused(OPERATOR, &swap), "belongs to `acme` for ever");
    let twice = [actor("eve", &[60]), actor("mallory", &[60])];
    has(&notary.refused(OPERATOR, &twice), "belongs to `eve` for ever");
}

#[test]
fn a_new_operator_key_signs_in_the_very_submission_that_names_it() {
    let mut notary = Notary::new();
    let authority = json!({"type": "authority", "by": "operator", "operatorKey": public(50)});
    has(&notary.refused(50, &[authority.clone(), actor("eve", &[60])]), "is unknown here");
    notary.one(OPERATOR, authority);
    has(&notary.refused(OPERATOR, &[actor("eve", &[60])]), "is revoked since index 2");
    notary.one(50, actor("eve", &[60]));
}
