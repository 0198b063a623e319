//! The state of a log size, as the ledger folds it, equals that of an independent model that reads
//! every statement from the beginning.

use std::collections::{BTreeMap, BTreeSet};

use pcf_ledger::admission::state::{EntryKind, key_of, set_of};
use pcf_ledger::audit::Beside;
use pcf_ledger::codec::digest::sha256;
use pcf_ledger::ledger::{Ledger, Options};
use pcf_ledger::merkle::verify_inclusion;
use pcf_ledger::model::{Digest, PublicationStatus, Statement, StatementId, StatementKind};
use pcf_ledger::publish::{state_of, states_due};
use pcf_ledger::store::memory::MemoryStore;
use pcf_ledger::store::{Reader, Store};
use pcf_testing::audits;
use pcf_testing::{
    ACME, BOLT, OPERATOR, PUMP, PUMP_ALIAS, SCREW, activity, actor, fill, genesis, holder, id, key, product,
    public, publication, statement, submit, uuid_of, with, withdrawal,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A statement as it was signed, with its place and the key under it. The model knows nothing else.
struct Told {
    index: u64,
    key: u8,
    id: StatementId,
    said: Statement,
}

/// RFC 6962 by its definition.
fn tree(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => sha256(&[]),
        [only] => *only,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            sha256(&[&[1], &tree(&leaves[..split]), &tree(&leaves[split..])])
        }
    }
}

fn set(ids: &BTreeSet<StatementId>) -> Vec<u8> {
    let leaves: Vec<_> = ids.iter().map(|id| sha256(&[&[0], id.as_bytes()])).collect();
    [(leaves.len() as u64).to_be_bytes().to_vec(), tree(&leaves).to_vec()].concat()
}

/// The root of a state, by the text of `schemas/state.md`.
fn model(told: &[Told], size: u64) -> [u8; 32] {
    let told: Vec<&Told> = told.iter().filter(|one| one.index < size).collect();
    let mut dead: BTreeMap<StatementId, StatementId> = BTreeMap::new();
    let (mut authority, mut actors) = (BTreeSet::new(), BTreeMap::new());
    for (n, one) in told.iter().enumerate() {
        if let Some(earlier) = one.said.replaces() {
            dead.entry(*earlier).or_insert(one.id);
        }
        match &one.said {
            Statement::Withdrawal(said) => drop(dead.entry(said.statement).or_insert(one.id)),
            Statement::Ledger(_) | Statement::Authority(_) => drop(authority.insert(one.id)),
            Statement::Actor(said) => {
                actors.insert(said.actor.to_string(), one.id);
                for revoked in &said.revoked {
                    let falls = |earlier: &&&Told| {
                        public(earlier.key) == revoked.key && earlier.index >= revoked.from.as_u64()
                    };
                    for fallen in told[..n].iter().filter(falls) {
                        dead.entry(fallen.id).or_insert(one.id);
                    }
                }
            }
            _ => {}
        }
    }
    let mut leaves: BTreeMap<(u8, [u8; 32]), Vec<u8>> = BTreeMap::new();
    leaves.insert((0, sha256(&[told[0].id.as_bytes()])), set(&authority));
    for (gone, cause) in &dead {
        leaves.insert((1, sha256(&[gone.as_bytes()])), cause.as_bytes().to_vec());
    }
    for one in &told {
        let key = sha256(&[one.id.as_bytes()]);
        if let Statement::Publication(earlier) = &one.said {
            let follows = |later: &&&Told| match &later.said {
                Statement::Publication(later_said) => {
                    later_said.status == PublicationStatus::Final
                        && later_said.preceding.contains(&earlier.footprint)
                        && !dead.contains_key(&later.id)
                }
                _ => false,
            };
            if let Some(later) = told.iter().rev().find(follows) {
                let Statement::Publication(said) = &later.said else { unreachable!() };
                let value = [later.id.as_bytes(), said.footprint.as_str().as_bytes()].concat();
                leaves.insert((2, key), value);
            }
        }
        if let Statement::Product(product) = &one.said
            && !dead.contains_key(&one.id)
        {
            let makes = |other: &&&Told| match &other.said {
                Statement::Activity(said) => {
                    !dead.contains_key(&other.id)
                        && said.outputs.iter().any(|output| product.ids.contains(&output.product))
                }
                _ => false,
            };
            leaves.insert((3, key), set(&told.iter().filter(makes).map(|one| one.id).collect()));
        }
    }
    for (actor, statement) in actors {
        leaves.insert((4, sha256(&[actor.as_bytes()])), statement.as_bytes().to_vec());
    }
    let hashes: Vec<_> =
        leaves.iter().map(|((kind, key), value)| sha256(&[&[0, *kind], key, value])).collect();
    tree(&hashes)
}

/// A ledger that grows by random steps, with all that was told to it.
struct Growing<S> {
    ledger: Ledger<S>,
    told: Vec<Told>,
    /// The key that each actor signs with, and all it had.
    keys: BTreeMap<&'static str, Vec<u8>>,
    next: u8,
    published: Value,
}

impl<S: Store> Growing<S> {
    fn new(ledger: Ledger<S>) -> Self {
        let keys = [("acme", vec![ACME]), ("bolt", vec![BOLT])].into();
        let said = Statement::from(genesis());
        let told = vec![Told { index: 0, key: OPERATOR, id: id(&said), said }];
        let mut growing = Self { ledger, told, keys, next: 100, published: Value::Null };
        growing.say(OPERATOR, &[actor("acme", &[ACME]), actor("bolt", &[BOLT])]);
        growing.say(ACME, &[pcf_testing::factor("acme", "grid")]);
        growing.say(ACME, &[product("acme", &[PUMP, PUMP_ALIAS], &["acme", "bolt"])]);
        growing.say(BOLT, &[product("bolt", &[SCREW], &["acme", "bolt"])]);
        growing.say(ACME, &[activity("acme", &[PUMP])]);
        growing.published = publication(&growing.ledger, "acme", PUMP, 0);
        growing
    }

    fn say(&mut self, signer: u8, values: &[Value]) {
        let statements: Vec<_> = values.iter().cloned().map(statement).collect();
        let receipt = self.ledger.append(&key(signer), 0, &statements).unwrap();
        for (said, id) in statements.into_iter().zip(receipt.ids) {
            self.told.push(Told { index: receipt.index, key: signer, id, said });
        }
    }

    fn holding(&self, kind: StatementKind, by: &str) -> Vec<StatementId> {
        let holds = |one: &&Told| {
            one.said.kind() == kind
                && one.said.by().as_str() == by
                && self.ledger.book().holds(&one.id).unwrap()
        };
        self.told.iter().filter(holds).map(|one| one.id).collect()
    }

    /// One step; some are not possible yet and do nothing.
    fn step(&mut self, (what, pick, choice): (u8, u8, u8)) {
        let by = if choice % 2 == 0 { "acme" } else { "bolt" };
        let signer = *self.keys[by].last().unwrap();
        self.next += 1;
        let own = self.holding(StatementKind::Activity, by);
        let one = own.get(usize::from(pick) % own.len().max(1)).copied();
        match what {
            0..=2 => {
                let products = [&[PUMP][..], &[PUMP_ALIAS], &[SCREW], &[PUMP, SCREW]];
                let said =
                    with(activity(by, products[usize::from(pick) % 4]), "batch", self.next.to_string());
                self.say(signer, &[said]);
            }
            3 => {
                let Some(id) = one else { return };
                let Statement::Activity(mut said) = self.said(&id) else { unreachable!() };
                (said.replaces, said.salt) = (Some(id), pcf_testing::salt_of(self.next));
                let receipt = self.ledger.append(&key(signer), 0, &[said.clone().into()]).unwrap();
                let (index, id) = (receipt.index, receipt.ids[0]);
                self.told.push(Told { index, key: signer, id, said: said.into() });
            }
            4 => {
                let Some(id) = one else { return };
                let (signer, by) = if choice % 3 == 0 { (OPERATOR, "operator") } else { (signer, by) };
                self.say(signer, &[withdrawal(by, &id)]);
            }
            5 => {
                let live = self.ledger.book().actor(&by.parse().unwrap()).unwrap().unwrap().0;
                let from = u64::from(pick) % (self.ledger.size() + 1);
                let revoked = json!([{"from": from.to_string(), "key": public(signer)}]);
                let renewed = with(actor(by, &[self.next]), "replaces", live);
                self.say(OPERATOR, &[with(renewed, "revoked", revoked)]);
                self.keys.get_mut(by).unwrap().push(self.next);
            }
            6 => {
                let open = |id: &StatementId| self.ledger.book().redaction_of(id).unwrap().is_none();
                let Some(id) = one.filter(open) else { return };
                let said =
                    self.ledger.redaction(&id, "a name".parse().unwrap(), pcf_testing::salt_of(self.next));
                let said = Statement::from(said.unwrap());
                let receipt = self.ledger.append(&key(OPERATOR), 0, std::slice::from_ref(&said)).unwrap();
                self.told.push(Told { index: receipt.index, key: OPERATOR, id: receipt.ids[0], said });
            }
            7 => {
                // With one id more or less. Where the key of the last one was revoked, this is a new statement.
                let ids = if choice % 4 < 2 { &[PUMP][..] } else { &[PUMP, PUMP_ALIAS] };
                let said = product("acme", ids, &["acme", "bolt"]);
                let held = self.ledger.book().product(&PUMP.parse().unwrap()).unwrap().map(|held| held.id);
                let said = if let Some(held) = held { with(said, "replaces", held) } else { said };
                self.say(*self.keys["acme"].last().unwrap(), &[said]);
            }
            8 => self.publish(pick, choice),
            _ => {
                let size = 1 + u64::from(pick) % self.ledger.size();
                if self.ledger.book().states().unwrap().contains_key(&size) {
                    return;
                }
                let said =
                    Statement::from(state_of(&self.ledger, size, pcf_testing::salt_of(self.next)).unwrap());
                let receipt = self.ledger.append(&key(OPERATOR), 0, std::slice::from_ref(&said)).unwrap();
                self.told.push(Told { index: receipt.index, key: OPERATOR, id: receipt.ids[0], said });
            }
        }
    }

    fn said(&self, id: &StatementId) -> Statement {
        self.told.iter().find(|one| one.id == *id).unwrap().said.clone()
    }

    fn publish(&mut self, pick: u8, choice: u8) {
        let all = self.told.iter().filter_map(|one| match &one.said {
            Statement::Publication(said) => Some(said.footprint.to_string()),
            _ => None,
        });
        let mut all: Vec<_> = all.collect();
        if pick.is_multiple_of(3) {
            all.clear();
        }
        all.reverse();
        all.truncate(2);
        let mut said = with(self.published.clone(), "footprint", uuid_of(self.next));
        said = with(said, "status", if choice < 3 { "draft" } else { "final" });
        if !all.is_empty() {
            said = with(said, "preceding", all);
        }
        self.say(*self.keys["acme"].last().unwrap(), &[said]);
    }
}

#[track_caller]
fn check<R: Reader>(told: &[Told], ledger: &Ledger<R>) {
    for size in 1..=ledger.size() {
        assert_eq!(ledger.book().state_at(size).unwrap().root(), model(told, size), "at size {size}");
        assert_eq!(ledger.book().state_root_at(size).unwrap(), model(told, size), "at size {size}");
    }
}

/// An activity may put out what is declared only, so a step can be refused where a key's revocation took a product away: such runs end there.
fn grow<S: Store>(growing: &mut Growing<S>, steps: &[(u8, u8, u8)]) {
    for step in steps {
        let declared = [PUMP, PUMP_ALIAS, SCREW];
        let all =
            declared.iter().all(|id| growing.ledger.book().product(&id.parse().unwrap()).unwrap().is_some());
        match step.0 {
            0..=3 if !all => {}
            _ => growing.step(*step),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn the_state_of_every_size_is_that_of_a_model_that_reads_all_from_the_beginning(
        steps in prop::collection::vec((0_u8..10, any::<u8>(), 0_u8..12), 1..40)
    ) {
        let mut growing = Growing::new(Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap());
        grow(&mut growing, &steps);
        check(&growing.told, &growing.ledger);
        let store = growing.ledger.into_store();
        let report = audits::of(&store, &Beside::default());
        prop_assert!(report.holds(), "{:?}", report.findings);
        check(&growing.told, &Ledger::over_store(store).unwrap());
    }
}

#[test]
fn a_ledger_that_is_opened_from_its_derived_files_makes_the_same_states() {
    let dir = tempfile::TempDir::new().unwrap();
    let options = Options { run_statements: 3, ..Options::default() };
    let made = Ledger::create_with(dir.path(), genesis(), &key(OPERATOR), 0, &holder(), options);
    let mut growing = Growing::new(made.unwrap());
    let steps: Vec<_> = (0..60_u8).map(|n| (n.wrapping_mul(7) % 10, n.wrapping_mul(37), n % 12)).collect();
    grow(&mut growing, &steps);
    growing.ledger.flush().unwrap();
    let Growing { ledger, told, .. } = growing;
    drop(ledger);
    check(&told, &Ledger::read(dir.path()).unwrap());
    let ledger = Ledger::open(dir.path(), &holder()).unwrap();
    check(&told, &ledger);
    let counts =
        |kind| ledger.book().all_entries().map(Result::unwrap).filter(|entry| entry.kind == kind).count();
    let kinds = [StatementKind::Redaction, StatementKind::State, StatementKind::Withdrawal];
    assert!(kinds.into_iter().all(|kind| counts(kind) > 1) && told.len() > 30, "{} statements", told.len());
}

fn ledger() -> Ledger<MemoryStore> {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    fill(&mut ledger);
    ledger
}

fn refused(ledger: &mut Ledger<MemoryStore>, signer: u8, said: Value) -> String {
    let refused = ledger.append(&key(signer), 0, &[statement(said)]);
    refused.unwrap_err().to_string()
}

fn state(ledger: &Ledger<MemoryStore>, size: u64) -> Value {
    let root = Digest::from_bytes(ledger.book().state_at(size).unwrap().root());
    json!({"type": "state", "by": "operator", "size": size.to_string(), "root": root})
}

#[test]
fn a_state_is_the_operators_of_a_size_that_there_was_and_says_what_held() {
    let mut ledger = ledger();
    let size = ledger.size();
    let right = state(&ledger, size);
    for other in ["0", "6"] {
        let said = refused(&mut ledger, OPERATOR, with(right.clone(), "size", other));
        assert_eq!(said, format!("refused: state: expected a log size from 1 to {size}, got {other}"));
    }
    let earlier = refused(&mut ledger, OPERATOR, with(right.clone(), "size", "3"));
    let [three, five] = [3, 5].map(|size| Digest::from_bytes(ledger.book().state_at(size).unwrap().root()));
    assert_eq!(earlier, format!("refused: the state at log size 3: expected the root {three}, got {five}"));
    assert!(
        refused(&mut ledger, ACME, right.clone()).contains("is said by `operator`, but `acme` sealed it")
    );
    let three = state(&ledger, 3);
    assert_eq!(submit(&mut ledger, OPERATOR, &[right, three]), size);
    let again = state(&ledger, size);
    assert!(
        refused(&mut ledger, OPERATOR, again).contains("there is already a live state statement about this")
    );
    // Nothing takes it back.
    let (said, _) = ledger.book().states().unwrap()[&size];
    let taken_back = refused(&mut ledger, OPERATOR, withdrawal("operator", &said));
    assert!(taken_back.contains("a state cannot be withdrawn"), "{taken_back}");
    assert!(ledger.redaction(&said, "no".parse().unwrap(), pcf_testing::salt_of(0)).is_err());
}

#[test]
fn a_path_shows_presence_and_neighbours_absence() {
    let ledger = ledger();
    let tree = ledger.book().state_at(ledger.size()).unwrap();
    let count = tree.entries().len() as u64;
    for (at, entry) in (0_u64..).zip(tree.entries()) {
        assert_eq!(tree.around(entry.kind, &entry.key), [at as usize]);
        let path = tree.path(at as usize).unwrap();
        verify_inclusion(&entry.leaf(), at, count, &path, &tree.root()).unwrap();
    }
    assert!(tree.path(tree.entries().len()).is_err());
    // Nothing is dead: the place of a dead statement is between the authority and the products.
    let nobody = StatementId::from_bytes([7; 32]);
    assert_eq!(tree.around(EntryKind::Dead, &key_of(&nobody)), [0, 1]);
    assert_eq!(tree.around(EntryKind::Authority, &[0; 32]), [0]);
    assert_eq!(tree.around(EntryKind::Actor, &[255; 32]), [tree.entries().len() - 1]);
}

#[test]
fn states_are_due_of_the_present_size_and_of_those_that_publications_rest_on() {
    let mut ledger = ledger();
    let said = publication(&ledger, "acme", PUMP, 1);
    submit(&mut ledger, ACME, &[said]);
    assert_eq!(states_due(&ledger).unwrap(), [5, 6].into());
    let states: Vec<_> = [5, 6].into_iter().map(|size| state(&ledger, size)).collect();
    submit(&mut ledger, OPERATOR, &states);
    assert!(states_due(&ledger).unwrap().is_empty(), "only states came since");
    submit(&mut ledger, OPERATOR, &[actor("carl", &[40])]);
    assert_eq!(states_due(&ledger).unwrap(), [8].into());
    let error = state_of(&ledger, 9, pcf_testing::salt_of(0)).unwrap_err();
    assert_eq!(error.to_string(), "a state: expected a log size from 1 to 8, got 9");
}

#[test]
fn an_activity_that_puts_out_two_ids_of_one_product_is_in_its_set_once() {
    let mut ledger = ledger();
    let both = with(activity("acme", &[PUMP, PUMP_ALIAS]), "batch", "both");
    submit(&mut ledger, ACME, &[both]);
    let tree = ledger.book().state_at(ledger.size()).unwrap();
    let sets: Vec<_> = tree.entries().iter().filter_map(|e| Some((e, tree.set(e)?))).collect();
    let product = sets.iter().find(|(entry, _)| entry.kind == EntryKind::Product).unwrap();
    assert_eq!(product.1.len(), 2, "the one before and this one");
    assert!(sets.iter().all(|(entry, ids)| entry.value == set_of(*ids)));
    assert_eq!(ledger.book().state_root_at(ledger.size()).unwrap(), tree.root());
}
