//! An inventory that is kept up to date beside a ledger equals one that is read anew, after every
//! append and from every size at which it was last kept; and an append changes the figures of
//! nothing but what depends on it.

use std::collections::BTreeMap;

use pcf_ledger::calc::{CalcErrors, Inventory, footprints};
use pcf_ledger::codec::digest::sha256;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Digest, Document, Figures, ProductId, StatementId};
use pcf_ledger::store::file::FileStore;
use pcf_testing::{
    ACME, BOLT, OPERATOR, PUMP, PUMP_ALIAS, SCREW, activity, actor, asked, factor, genesis, holder, key,
    product, public, publication, submit, with, withdrawal,
};
use serde_json::{Value, json};

const CAP: &str = include_str!("../../src/cli/demo/cap-pact.json");
const CAP_ID: &str = "7c9d4e12-5b6f-4a83-9d21-0c4f8e6a1b35";

type All = BTreeMap<ProductId, Result<Figures, CalcErrors>>;

fn full(inventory: &Inventory) -> All {
    footprints(inventory, &asked("2025")).unwrap()
}

/// The same statements in the order of their ids.
fn sorted(inventory: &Inventory) -> Inventory {
    let mut sorted = inventory.clone();
    sorted.activities.sort_by_key(|held| held.id);
    sorted.redacted.activities.sort_by_key(|held| held.id);
    sorted
}

/// Follows a ledger, and also begins anew from every size it ever had.
struct Follower {
    ledger: Ledger<FileStore>,
    kept: Inventory,
    size: u64,
}

impl Follower {
    /// Appends and follows; the products whose gate is another one now.
    fn append(&mut self, signer: u8, value: Value) -> (StatementId, Vec<ProductId>) {
        let index = submit(&mut self.ledger, signer, &[value]);
        (
            self.ledger.book().all_entries().map(Result::unwrap).last().unwrap().id,
            self.follow(&format!("after {index}")),
        )
    }

    /// Has the operator redact a statement, and follows.
    fn redact(&mut self, target: &StatementId) -> Vec<ProductId> {
        let salt = pcf_testing::salt_of(1);
        let redaction = self.ledger.redaction(target, "a secret".parse().unwrap(), salt).unwrap();
        self.ledger.redact(&key(OPERATOR), 0, redaction).unwrap();
        self.follow(&format!("after the redaction of {target}"))
    }

    fn figures(&self, product: &str) -> Result<Figures, CalcErrors> {
        full(&self.kept).remove(&product.parse().unwrap()).unwrap()
    }

    fn follow(&mut self, when: &str) -> Vec<ProductId> {
        let before = full(&self.kept);
        self.kept.apply(self.ledger.changes_since(self.size).unwrap());
        self.size = self.ledger.size();
        let now = sorted(&self.ledger.inventory().unwrap());
        assert_eq!(sorted(&self.kept), now, "{when}");
        for size in 1..=self.size {
            let mut late = self.ledger.everything_at(size).unwrap();
            late.apply(self.ledger.changes_since(size).unwrap());
            assert_eq!(sorted(&late), now, "{when}, from {size} on");
        }
        let after = full(&self.kept);
        let of = |all: &All, id: &ProductId| all.get(id).cloned().and_then(Result::ok);
        after.keys().filter(|id| of(&before, id) != of(&after, id)).cloned().collect()
    }
}

fn ids(products: &[&str]) -> Vec<ProductId> {
    products.iter().map(|id| id.parse().unwrap()).collect()
}

#[test]
fn after_a_redaction_what_rested_on_it_says_so_until_something_takes_its_place() {
    let dir = tempfile::TempDir::new().unwrap();
    let ledger = Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    let kept = ledger.inventory().unwrap();
    let mut follower = Follower { size: ledger.size(), ledger, kept };
    follower.append(OPERATOR, actor("acme", &[ACME]));
    follower.append(OPERATOR, actor("bolt", &[BOLT]));
    let (grid, _) = follower.append(ACME, factor("acme", "grid"));
    follower.append(ACME, product("acme", &[PUMP, PUMP_ALIAS], &["acme"]));
    follower.append(BOLT, product("bolt", &[SCREW], &["bolt"]));
    let mut makes = activity("acme", &[PUMP]);
    let part =
        json!({"name": "cap", "kind": "material", "amount": "4000", "unit": "piece", "footprint": CAP_ID});
    makes["flows"].as_array_mut().unwrap().push(part);
    let document = Document::new(CAP.as_bytes().to_vec()).unwrap().to_string();
    let digest = Digest::from_bytes(sha256(&[CAP.as_bytes()]));
    let cap = json!({"type": "supplierFootprint", "by": "acme", "footprint": CAP_ID, "document": document, "digest": digest});
    let (bought, _) = follower.append(ACME, cap.clone());
    let (made, _) = follower.append(ACME, makes.clone());
    let (turned, _) = follower.append(BOLT, activity("bolt", &[SCREW]));
    assert!(follower.figures(PUMP).is_ok());
    // The supplier's document goes, and comes again.
    assert_eq!(follower.redact(&bought), ids(&[PUMP]));
    assert!(follower.figures(PUMP).is_err());
    assert_eq!(follower.append(ACME, with(cap, "replaces", bought)).1, ids(&[PUMP]));
    assert!(follower.figures(PUMP).is_ok());
    // What both use.
    assert_eq!(follower.redact(&grid), ids(&[PUMP, SCREW]));
    assert_eq!(follower.append(ACME, with(factor("acme", "grid"), "replaces", grid)).1, ids(&[PUMP, SCREW]));
    // What one of them is made by.
    assert_eq!(follower.redact(&made), ids(&[PUMP]));
    assert_eq!(follower.append(ACME, with(makes, "replaces", made)).1, ids(&[PUMP]));
    assert!(follower.figures(PUMP).is_ok());
    // What is redacted after it ended changes nothing.
    follower.append(BOLT, withdrawal("bolt", &turned));
    assert_eq!(follower.redact(&turned), ids(&[]));
}

#[test]
fn after_every_kind_of_append_only_what_depends_on_it_changes_and_all_is_as_in_a_full_run() {
    let dir = tempfile::TempDir::new().unwrap();
    let ledger = Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    let kept = ledger.inventory().unwrap();
    let mut follower = Follower { size: ledger.size(), ledger, kept };
    let (acme, _) = follower.append(OPERATOR, actor("acme", &[ACME, 11]));
    follower.append(OPERATOR, actor("bolt", &[BOLT]));
    let (grid, _) = follower.append(ACME, factor("acme", "grid"));
    let (pump, _) = follower.append(ACME, product("acme", &[PUMP, PUMP_ALIAS], &["acme"]));
    follower.append(BOLT, product("bolt", &[SCREW], &["bolt"]));
    let (made, changed) = follower.append(ACME, activity("acme", &[PUMP]));
    assert_eq!(changed, ids(&[PUMP]));
    let (turned, changed) = follower.append(BOLT, activity("bolt", &[SCREW]));
    assert_eq!(changed, ids(&[SCREW]), "the pump takes no screw yet");
    // The pump takes screws, and a cap that another supplier speaks for.
    let mut takes = with(activity("acme", &[PUMP]), "replaces", made);
    let part = |name: &str, source: &str, of: &str| json!({"name": name, "kind": "material", "amount": "4000", "unit": "piece", source: of});
    takes["flows"].as_array_mut().unwrap().push(part("screw", "product", SCREW));
    let (takes_screws, changed) = follower.append(11, takes.clone());
    assert_eq!(changed, ids(&[PUMP]));
    let document = Document::new(CAP.as_bytes().to_vec()).unwrap().to_string();
    let digest = Digest::from_bytes(sha256(&[CAP.as_bytes()]));
    let cap = json!({"type": "supplierFootprint", "by": "acme", "footprint": CAP_ID, "document": document, "digest": digest});
    let (cap, changed) = follower.append(ACME, cap);
    assert_eq!(changed, ids(&[]), "nothing takes it yet");
    takes["flows"].as_array_mut().unwrap().push(part("cap", "footprint", CAP_ID));
    let (_, changed) = follower.append(11, with(takes, "replaces", takes_screws));
    assert_eq!(changed, ids(&[PUMP]));
    let (cleaner, changed) = follower.append(
        ACME,
        with(with(factor("acme", "grid"), "values", json!({"fossilGhgEmissions": "0.25"})), "replaces", grid),
    );
    assert_eq!(changed, ids(&[PUMP, SCREW]));
    // The screw's data go, and what was published of it stands in.
    let screw = publication(&follower.ledger, "bolt", SCREW, 1);
    let screw = with(screw, "validity", json!({"start": "2025-01-01", "end": "2028-01-01"}));
    assert_eq!(follower.append(BOLT, screw).1, ids(&[]));
    let (_, changed) = follower.append(BOLT, withdrawal("bolt", &turned));
    assert_eq!(changed, ids(&[SCREW]), "as published it is the same to the pump");
    follower.append(ACME, with(product("acme", &[PUMP], &["acme"]), "replaces", pump));
    let (_, changed) = follower.append(OPERATOR, withdrawal("operator", &cap));
    assert_eq!(changed, ids(&[PUMP]), "without the cap it has no figure");
    follower.append(ACME, withdrawal("acme", &cleaner));
    // The second key of acme is revoked from before it corrected the activity.
    let revoked = json!([{"key": public(11), "from": follower.ledger.book().entry(&takes_screws).unwrap().unwrap().1.index.to_string()}]);
    follower.append(OPERATOR, with(with(actor("acme", &[ACME]), "revoked", revoked), "replaces", acme));
}

#[test]
fn what_a_publication_is_per_is_known_to_every_inventory() {
    let dir = tempfile::TempDir::new().unwrap();
    let ledger = Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    let kept = ledger.inventory().unwrap();
    let mut follower = Follower { size: ledger.size(), ledger, kept };
    follower.append(OPERATOR, actor("acme", &[ACME]));
    follower.append(OPERATOR, actor("bolt", &[BOLT]));
    follower.append(ACME, factor("acme", "grid"));
    follower.append(ACME, product("acme", &[PUMP], &["acme"]));
    let (screw, _) = follower.append(BOLT, product("bolt", &[SCREW], &["bolt"]));
    let (turned, _) = follower.append(BOLT, activity("bolt", &[SCREW]));
    let mut takes = activity("acme", &[PUMP]);
    let part =
        json!({"name": "screw", "kind": "material", "amount": "4000", "unit": "piece", "product": SCREW});
    takes["flows"].as_array_mut().unwrap().push(part);
    follower.append(ACME, takes);
    let published = publication(&follower.ledger, "bolt", SCREW, 1);
    let published = with(published, "validity", json!({"start": "2025-01-01", "end": "2028-01-01"}));
    let pump = follower.figures(PUMP).unwrap();
    let per = |amount: &str, unit: &str, replaces| {
        let changed = with(product("bolt", &[SCREW], &["bolt"]), "replaces", replaces);
        with(changed, "declaredUnit", json!({"amount": amount, "unit": unit}))
    };
    // The publication rests on the log of before the correction, and enters it after.
    let (thousand, _) = follower.append(BOLT, per("1000", "piece", screw));
    follower.append(BOLT, published);
    follower.append(BOLT, withdrawal("bolt", &turned));
    assert_eq!(follower.figures(PUMP).unwrap().gate, pump.gate);
    let alone = |follower: &Follower| {
        let inventory = follower.ledger.inventory_of(&ids(&[PUMP])).unwrap();
        full(&inventory).remove(&PUMP.parse::<ProductId>().unwrap()).unwrap()
    };
    assert_eq!(alone(&follower), follower.figures(PUMP));
    // A second correction does not hide what the publication is per, nor does one back to it.
    let (hundred, _) = follower.append(BOLT, per("100", "piece", thousand));
    assert_eq!(follower.figures(PUMP).unwrap().gate, pump.gate);
    assert_eq!(alone(&follower), follower.figures(PUMP));
    follower.append(BOLT, with(per("1", "piece", hundred), "massPerDeclaredUnit", "3"));
    assert_eq!(follower.figures(PUMP).unwrap().gate, pump.gate);
    assert_eq!(alone(&follower), follower.figures(PUMP));
}
