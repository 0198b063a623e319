//! A small real ledger in memory, a publication of its figures, and the parts of its proof gathered from it.

use std::collections::BTreeSet;

use pcf_ledger::admission::UsedIds;
use pcf_ledger::calc::{Request, footprint};
use pcf_ledger::codec::{decode_draft, figures_digest, statement_id};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::merkle::{consistency_proof, inclusion_proof, leaf_hash};
use pcf_ledger::model::{
    Boundary, Digest, GwpSet, LogPosition, Method, ProductId, PublicKey, Publication, Statement, StatementId,
    StatementKind, Whole,
};
use pcf_ledger::proof::{Parts, Placed, Proof, Trust};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::memory::MemoryStore;
use serde_json::{Value, json};

use crate::complete;

pub const CASING: &str = "urn:gtin:06901234000016";
pub const INGOT: &str = "urn:pact:ingot.example:product-id:a356";
const NOW: u64 = 1_760_000_000;

/// A key that is the same in every run.
pub fn key(seed: u8) -> SigningKey {
    SigningKey::generate([seed; 32])
}

pub fn public(key: &SigningKey) -> PublicKey {
    PublicKey::from_bytes(key.verifying_key().to_bytes())
}

/// A statement from JSON; what every statement has is filled in.
pub fn statement(kind: &str, by: &str, mut body: Value) -> Statement {
    use std::sync::atomic::{AtomicU64, Ordering};
    static SALT: AtomicU64 = AtomicU64::new(0);
    // A new salt for each, without randomness.
    let salt = leaf_hash(&SALT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    let salt: [u8; 16] = salt[..16].try_into().unwrap();
    body["by"] = json!(by);
    body["salt"] = json!(pcf_ledger::model::Salt::from_bytes(salt).to_string());
    body["type"] = json!(kind);
    body["v"] = json!("1");
    complete(decode_draft(&serde_json::to_vec(&body).unwrap()).unwrap())
}

/// A maker, a supplier, an auditor; a casing of ingot and electricity.
pub struct World {
    pub ledger: Ledger<MemoryStore>,
    pub operator: SigningKey,
    pub log: SigningKey,
    pub maker: SigningKey,
    pub supplier: SigningKey,
    pub auditor: SigningKey,
}

pub fn actor(id: &str, key: &SigningKey, types: &[&str], more: Value) -> Statement {
    let mut body = json!({
        "actor": id, "name": format!("{id} Ltd"), "keys": [public(key).to_string()],
        "rights": {"stages": ["design", "procurement", "production"], "types": types},
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    statement("actor", "operator", body)
}

pub const MAKES: &[&str] = &["activity", "factor", "product", "publication"];

impl World {
    /// `seed` tells its keys from another ledger's.
    pub fn new(seed: u8) -> Self {
        let keys: [SigningKey; 6] = std::array::from_fn(|n| key(seed + u8::try_from(n).unwrap()));
        let [operator, log, recovery, maker, supplier, auditor] = keys;
        let genesis = statement(
            "ledger",
            "operator",
            json!({
                "origin": "ledger.example/log", "logKey": public(&log).to_string(),
                "operatorKey": public(&operator).to_string(), "recoveryKey": public(&recovery).to_string(),
            }),
        );
        let Statement::Ledger(genesis) = genesis else { unreachable!() };
        let ledger = Ledger::in_memory(genesis, &operator, NOW).unwrap();
        let mut world = Self { ledger, operator, log, maker, supplier, auditor };
        world.enrol();
        world.record();
        world
    }

    pub fn append(&mut self, key: &SigningKey, statements: &[Statement]) -> u64 {
        self.ledger.append(key, NOW, statements).unwrap().index
    }

    fn enrol(&mut self) {
        let operator = key_of(&self.operator);
        let actors = [
            actor("maker", &self.maker, MAKES, json!({})),
            actor("supplier", &self.supplier, &["activity", "product"], json!({})),
            actor("auditor", &self.auditor, &["assurance"], json!({})),
        ];
        self.append(&operator, &actors);
    }

    fn record(&mut self) {
        let (maker, supplier) = (key_of(&self.maker), key_of(&self.supplier));
        let factor = statement(
            "factor",
            "maker",
            json!({
                "factor": "grid", "name": "electricity", "category": "electricity.lifecycle", "data": "secondary",
                "gwp": "AR6", "licence": "CC0", "scope": "life-cycle", "source": "a table", "unit": "kWh",
                "values": {"fossilGhgEmissions": "0.5777"}, "year": "2024",
            }),
        );
        let product = |id: &str, by: &str, process: &str| {
            statement(
                "product",
                by,
                json!({
                    "boundary": "cradle-to-gate", "declaredUnit": {"amount": "1", "unit": "kg"}, "ids": [id],
                    "name": "thing", "processes": [{"name": process, "signers": [by], "stage": "production"}],
                }),
            )
        };
        let activity = |id: &str, by: &str, process: &str, flows: Value| {
            statement(
                "activity",
                by,
                json!({
                    "stage": "production", "process": process, "flows": flows,
                    "period": {"start": "2025-01-01", "end": "2025-04-01"},
                    "outputs": [{"product": id, "amount": "1200", "unit": "kg"}],
                }),
            )
        };
        let power = |kwh: &str| json!({"name": "power", "kind": "energy", "amount": kwh, "unit": "kWh", "factor": "grid", "data": "primary"});
        let metal =
            json!({"name": "ingot", "kind": "material", "amount": "1300", "unit": "kg", "product": INGOT});
        self.append(&maker, &[factor, product(CASING, "maker", "die casting")]);
        self.append(
            &supplier,
            &[
                product(INGOT, "supplier", "smelting"),
                activity(INGOT, "supplier", "smelting", json!([power("17000")])),
            ],
        );
        self.append(&maker, &[activity(CASING, "maker", "die casting", json!([metal, power("5300")]))]);
    }

    /// A publication of the casing's figures that rests on the log as it is, and the ids it uses.
    pub fn figures(&self, status: &str) -> (Publication, BTreeSet<StatementId>) {
        let period = "2025-01-01..2025-04-01".to_owned();
        let (start, end) = period.split_once("..").unwrap();
        let body = json!({
            "boundary": "cradle-to-gate", "by": "maker", "created": "2025-05-01T00:00:00Z",
            "footprint": if status == "draft" { "3f0a7c3e-0000-4000-8000-000000000001" } else { "3f0a7c3e-0000-4000-8000-000000000002" },
            "period": {"start": start, "end": end},
            "validity": {"start": "2025-05-01", "end": "2026-05-01"},
        });
        let request = Request {
            period: serde_json::from_value(body["period"].clone()).unwrap(),
            boundary: Some(Boundary::Gate),
            scenario: None,
            batch: None,
            gwp: GwpSet::Ar6,
        };
        let product: ProductId = CASING.parse().unwrap();
        let inventory = self.ledger.inventory().unwrap();
        let found = footprint(&inventory, &product, &request).unwrap();
        let coverage = pcf_ledger::plausibility::coverage(&inventory, &product, &request);
        let stated = UsedIds::of(&inventory, &found.used).stated().unwrap();
        let publication = Publication {
            accepted: Vec::new(),
            batch: None,
            boundary: Boundary::Gate,
            by: "maker".parse().unwrap(),
            claims: Vec::new(),
            comment: None,
            coverage,
            created: serde_json::from_value(body["created"].clone()).unwrap(),
            figures: Box::new(found.figures),
            figures_salt: Some(crate::tag_salt()),
            footprint: serde_json::from_value(body["footprint"].clone()).unwrap(),
            log: LogPosition {
                root: Digest::from_bytes(self.ledger.root()),
                size: Whole::new(self.ledger.size()).unwrap(),
            },
            method: Method { gwp: GwpSet::Ar6, version: Whole::new(1).unwrap() },
            outbound_excluded: false,
            period: request.period,
            preceding: Vec::new(),
            product,
            replaces: None,
            salt: crate::salt_of(status.len().try_into().unwrap()),
            scenario: None,
            shows_stages: false,
            status: status.parse().unwrap(),
            r#type: Default::default(),
            used: stated,
            v: Default::default(),
            validity: serde_json::from_value(body["validity"].clone()).unwrap(),
        };
        (publication, found.used)
    }

    /// Publishes; the id of the publication and what it uses.
    pub fn publish(&mut self, status: &str) -> (StatementId, BTreeSet<StatementId>) {
        let (publication, used) = self.figures(status);
        let maker = key_of(&self.maker);
        let receipt = self.ledger.append(&maker, NOW, &[publication.into()]).unwrap();
        (receipt.ids[0], used)
    }

    /// An opinion on figures.
    pub fn assurance(&self, figures: &Digest, more: Value) -> Statement {
        let root = Digest::from_bytes(self.ledger.root()).to_string();
        let mut body = json!({
            "figures": figures.to_string(), "level": "limited", "opinion": "unmodified", "scope": "all of it",
            "standard": "ISO 14064-3", "log": {"root": root, "size": self.ledger.size().to_string()},
        });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        statement("assurance", "auditor", body)
    }

    /// A draft, its assurance and its final; the final's id and what it uses.
    pub fn life(&mut self) -> (StatementId, BTreeSet<StatementId>) {
        let (draft, _) = self.figures("draft");
        let digest = figures_digest(&draft).unwrap();
        self.publish("draft");
        let (auditor, assurance) = (key_of(&self.auditor), self.assurance(&digest, json!({})));
        self.append(&auditor, &[assurance]);
        self.publish("final")
    }

    /// The parts of the proof of a publication, at the log as it is.
    pub fn parts(&self, publication: StatementId, used: &BTreeSet<StatementId>) -> Parts {
        let note = self.ledger.sign_checkpoint(&self.log, &[]).unwrap().note().to_string();
        gather(&self.ledger, note, publication, used, |_| true)
    }

    pub fn proof(&self, publication: StatementId, used: &BTreeSet<StatementId>) -> Proof {
        Proof::new(self.parts(publication, used)).unwrap()
    }

    pub fn trust(&self) -> Trust {
        Trust { log_key: Some(self.ledger.verifier_key().unwrap()), ..Trust::default() }
    }
}

/// The same key again; keys do not clone.
pub fn key_of(key: &SigningKey) -> SigningKey {
    SigningKey::from_pem(&key.to_pem(None).unwrap(), None).unwrap()
}

/// Everything of a ledger that the proof of one publication needs, at the size of the log as it is.
pub fn gather(
    ledger: &Ledger<MemoryStore>,
    checkpoint: String,
    publication: StatementId,
    used: &BTreeSet<StatementId>,
    disclose: impl Fn(&StatementId) -> bool,
) -> Parts {
    let Statement::Publication(body) = ledger.statement(&publication).unwrap() else { unreachable!() };
    let digest = figures_digest(&body).unwrap();
    let book = ledger.book();
    let mut ids: BTreeSet<StatementId> = [ledger.id(), publication].into();
    ids.extend(used.iter().filter(|id| disclose(id)));
    // Opinions on these figures, and every change of the authority.
    for entry in book.all_entries().map(Result::unwrap) {
        let names_them =
            |id| matches!(ledger.statement(id), Ok(Statement::Assurance(a)) if a.figures == digest);
        let wanted = match entry.kind {
            StatementKind::Authority => true,
            StatementKind::Assurance => book.holds(&entry.id).unwrap() && names_them(&entry.id),
            _ => false,
        };
        ids.extend(wanted.then_some(entry.id));
    }
    // Every version of every actor that signed any of these.
    let signers: BTreeSet<_> = ids.iter().map(|id| book.entry(id).unwrap().unwrap().1.by.clone()).collect();
    ids.extend(signers.iter().flat_map(|actor| book.actor_history(actor).unwrap()));
    Parts {
        checkpoint,
        consistency: consistency_proof(&ledger.leaves(), body.log.size.as_u64(), ledger.size()).unwrap(),
        publication,
        statements: ids.iter().map(|id| place(ledger, id)).collect(),
        states: Vec::new(),
        used: used_ids(ledger, used),
        hides_sources: false,
    }
}

/// Used statements, by what they are.
pub fn used_ids(ledger: &Ledger<MemoryStore>, used: &BTreeSet<StatementId>) -> UsedIds {
    let is_activity = |id: &StatementId| {
        ledger.book().entry(id).unwrap().is_some_and(|(_, entry)| entry.kind == StatementKind::Activity)
    };
    let (activities, sources) = used.iter().partition(|id| is_activity(id));
    UsedIds { activities, sources }
}

/// A statement with its place under its seal and in the log.
pub fn place(ledger: &Ledger<MemoryStore>, id: &StatementId) -> Placed {
    let sealed = ledger.sealed(id).unwrap();
    let bytes = sealed.bytes;
    assert_eq!(statement_id(&bytes), *id);
    Placed {
        log_path: inclusion_proof(&ledger.leaves(), sealed.index, ledger.size()).unwrap(),
        bytes,
        ordinal: sealed.ordinal,
        path: sealed.path,
        index: sealed.index,
        seal: sealed.seal,
    }
}
