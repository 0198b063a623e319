//! Taking a product id, or a second id, that is somebody else's.

use pcf_testing::{
    ACME, BOLT, Notary, OPERATOR, PUMP, PUMP_ALIAS, SCREW, activity, product, with, withdrawal,
};

use super::hall::has;

#[test]
fn a_second_id_that_was_given_up_is_not_free_for_others() {
    let mut notary = Notary::with_actors();
    let pump = notary.one(ACME, product("acme", &[PUMP, PUMP_ALIAS], &["acme"]));
    notary.one(ACME, with(product("acme", &[PUMP], &["acme"]), "replaces", pump));
    has(&notary.refused(BOLT, &[product("bolt", &[PUMP_ALIAS], &["bolt"])]), "belongs to `acme`");
    has(&notary.refused(BOLT, &[product("bolt", &[SCREW, PUMP_ALIAS], &["bolt"])]), "belongs to `acme`");
}

#[test]
fn an_id_stays_its_owners_after_the_operator_withdrew_the_product() {
    let mut notary = Notary::with_actors();
    let pump = notary.one(ACME, product("acme", &[PUMP, PUMP_ALIAS], &["acme"]));
    notary.one(OPERATOR, withdrawal("operator", &pump));
    for id in [PUMP, PUMP_ALIAS] {
        has(&notary.refused(BOLT, &[product("bolt", &[id], &["bolt"])]), "belongs to `acme`");
    }
}

#[test]
fn two_products_of_one_submission_that_share_an_id() {
    let mut notary = Notary::with_actors();
    let valve = "urn:pact:acme.example:product-id:valve";
    let twins =
        [product("acme", &[PUMP, PUMP_ALIAS], &["acme"]), product("acme", &[valve, PUMP_ALIAS], &["acme"])];
    has(&notary.refused(ACME, &twins), "is an id of the product filed under another id");
}

#[test]
fn an_activity_for_a_second_id_whose_product_lets_others_sign() {
    let mut notary = Notary::with_actors();
    notary.one(ACME, product("acme", &[PUMP, PUMP_ALIAS], &["acme"]));
    has(&notary.refused(BOLT, &[activity("bolt", &[PUMP_ALIAS])]), "lets acme sign it");
}
