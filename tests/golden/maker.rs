//! Makes a ledger on disk through the library alone, the same to the byte in every run: keys come
//! from names,
//! salts from a counter, and the clock moves by an hour a submission. It owns the desk (a directory
//! with
//! `led`, `keys`, `inputs` and `published`) and runs no verb.

use std::fs;
use std::path::{Path, PathBuf};

use pcf_files::catalog::Catalog;
use pcf_files::library::Library;
use pcf_files::tables::{self, File};
use pcf_ledger::calc::Request;
use pcf_ledger::codec::decode_draft;
use pcf_ledger::codec::digest::sha256;
use pcf_ledger::codec::encode;
use pcf_ledger::keyfile;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    FootprintId, Instant, Period, PublicKey, PublicationStatus, Salt, Statement, StatementId,
};
use pcf_ledger::proof::Proof;
use pcf_ledger::publish::{self, Declared, Disclosure, Order, Policy};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::Holder;
use pcf_ledger::store::file::FileStore;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The first seal's time: 2025-10-09T08:53:20Z.
const START_S: u64 = 1_760_000_000;
const HOUR_S: u64 = 3_600;
/// Stands for a salt until the statement gets its own.
const NO_SALT: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// A ledger in the making.
pub struct Maker {
    pub dir: TempDir,
    pub ledger: Ledger<FileStore>,
    /// The names of the operator's and the log's keys in force.
    pub operator: &'static str,
    pub log: &'static str,
    made: u64,
    submissions: u64,
}

/// What a publication says beyond the figures.
pub struct Publish<'a> {
    pub product: &'a str,
    pub period: &'a str,
    pub status: PublicationStatus,
    pub comment: Option<&'a str>,
    pub standards: &'a [&'a str],
    pub disclosure: Disclosure,
}

impl<'a> Publish<'a> {
    pub fn of(product: &'a str, period: &'a str, status: PublicationStatus) -> Self {
        let (comment, standards, disclosure) = (None, ["ISO14067"].as_slice(), Disclosure::all());
        Self { product, period, status, comment, standards, disclosure }
    }
}

/// The key with this name, in every run and every ledger.
pub fn key(name: &str) -> SigningKey {
    SigningKey::generate(sha256(&[b"pcf-ledger golden key ", name.as_bytes()]))
}

pub fn public(name: &str) -> PublicKey {
    PublicKey::from_bytes(key(name).verifying_key().to_bytes())
}

/// An enrolment with one key of the actor's own name; `more` overrides its parts.
pub fn actor(id: &str, name: &str, types: &[&str], stages: &[&str], more: Value) -> Value {
    let mut rights = json!({"types": types});
    if !stages.is_empty() {
        rights["stages"] = json!(stages);
    }
    let body = json!({"type": "actor", "by": "operator", "actor": id, "name": name, "keys": [public(id)],
        "rights": rights});
    with(body, more)
}

/// An object with the parts of another put into it.
pub fn with(mut body: Value, more: Value) -> Value {
    for (name, part) in more.as_object().unwrap() {
        body[name] = part.clone();
    }
    body
}

impl Maker {
    /// A desk with a ledger of one statement, the genesis.
    pub fn new(origin: &str) -> Self {
        let dir = TempDir::new().unwrap();
        for name in ["keys", "inputs", "published"] {
            fs::create_dir(dir.path().join(name)).unwrap();
        }
        let genesis = json!({"type": "ledger", "by": "operator", "origin": origin, "logKey": public("log"),
            "operatorKey": public("operator"), "recoveryKey": public("recovery")});
        let Statement::Ledger(genesis) = numbered(genesis, 0) else { unreachable!("a genesis") };
        let holder = Holder { label: "golden".into(), started: "2025-10-09T08:53:20Z".into() };
        let led = dir.path().join("led");
        let ledger = Ledger::create(&led, genesis, &key("operator"), START_S, &holder).unwrap();
        let maker = Self { dir, ledger, operator: "operator", log: "log", made: 0, submissions: 0 };
        ["operator", "recovery", "log", "stranger"].iter().for_each(|name| maker.key_file(name));
        maker
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Writes the key as a file that the command takes with `--sign-with`.
    pub fn key_file(&self, name: &str) {
        let pem = key(name).to_pem(None).unwrap();
        keyfile::write_new(&self.path(&format!("keys/{name}.pem")), &pem).unwrap();
    }

    pub fn now_s(&self) -> u64 {
        START_S + HOUR_S * self.submissions
    }

    fn salt(&mut self) -> Salt {
        self.made += 1;
        salt(self.made)
    }

    /// Signs and appends statements as one submission; each gets a salt of its own.
    pub fn append(&mut self, signer: &str, statements: Vec<Statement>) -> Vec<StatementId> {
        self.submissions += 1;
        let salted: Vec<_> = statements.into_iter().map(|s| s.with_salt(self.salt())).collect();
        let receipt = self.ledger.append(&key(signer), self.now_s(), &salted);
        receipt.unwrap_or_else(|e| panic!("{signer}: {e}")).ids
    }

    pub fn say(&mut self, signer: &str, values: Vec<Value>) -> Vec<StatementId> {
        let statements = values.into_iter().map(|value| numbered(value, 0)).collect();
        self.append(signer, statements)
    }

    pub fn one(&mut self, signer: &str, value: Value) -> StatementId {
        self.say(signer, vec![value])[0]
    }

    /// Reads a table as `pcf record` does, appends what it says, and keeps it among the inputs.
    pub fn record(&mut self, signer: &str, file: &str, text: &str) {
        self.write(&format!("inputs/{file}"), text);
        let opened = tables::open_bytes(text.into(), file, &tables::Options::default()).unwrap();
        let File::Tables(tables) = opened else { panic!("{file}: expected tables, got JSON") };
        let mut statements = Vec::new();
        for table in tables {
            let mut keep = |draft: pcf_files::Draft| {
                statements.push(draft.statement);
                true
            };
            table.read(&signer.parse().unwrap(), &Catalog::default(), &mut keep).unwrap();
        }
        self.append(signer, statements);
    }

    /// Adopts factors of the shipped library.
    pub fn factors(&mut self, signer: &str, ids: &[&str]) {
        let library = Library::shipped().unwrap();
        let by = signer.parse().unwrap();
        let factors = ids.iter().map(|id| library.find(id).unwrap().to_factor(&by).unwrap().into());
        self.append(signer, factors.collect());
    }

    /// The operator states what holds at every size that calls for it.
    pub fn state(&mut self) {
        let due = publish::states_due(&self.ledger).unwrap();
        let states: Vec<Statement> =
            due.iter().map(|size| publish::state_of(&self.ledger, *size, salt(0)).unwrap().into()).collect();
        if !states.is_empty() {
            self.append(self.operator, states);
        }
    }

    pub fn checkpoint(&mut self) {
        self.ledger.sign_checkpoint(&key(self.log), &[]).unwrap();
        self.ledger.flush().unwrap();
    }

    /// Publishes as `pcf publish --operator-key` does, and writes the documents.
    pub fn publish(&mut self, signer: &str, asked: &Publish<'_>) -> FootprintId {
        let order = self.order(asked);
        let prepared = publish::prepare_with(&self.ledger, &order, &Policy::default()).unwrap();
        self.append(signer, vec![prepared.publication.into()]);
        self.state();
        self.documents(&order.footprint, asked);
        order.footprint
    }

    fn order(&mut self, asked: &Publish<'_>) -> Order {
        let created = Instant::from_unix_s(self.now_s().cast_signed()).unwrap();
        let period: Period = asked.period.parse().unwrap();
        let gwp = "AR6".parse().unwrap();
        let mut uuid = [7; 16];
        uuid[8..].copy_from_slice(&self.submissions.to_be_bytes());
        Order {
            product: asked.product.parse().unwrap(),
            request: Request { period, boundary: None, scenario: None, batch: None, gwp },
            status: asked.status,
            validity: Period::new(created.date(), "2028-01-01".parse().unwrap()).unwrap(),
            created,
            footprint: FootprintId::from_random(uuid),
            salt: salt(0),
            comment: asked.comment.map(|text| text.parse().unwrap()),
            accepted: Vec::new(),
            declared: Declared {
                standards: asked.standards.iter().map(|name| name.parse().unwrap()).collect(),
                outbound_excluded: false,
            },
            shows_stages: false,
            known: Default::default(),
        }
    }

    /// The proof, the page, the PACT file (or why there is none) and the index, each by the library
    /// alone.
    fn documents(&mut self, id: &FootprintId, asked: &Publish<'_>) {
        let checkpoint = self.ledger.sign_checkpoint(&key(self.log), &[]).unwrap();
        self.ledger.flush().unwrap();
        let parts = publish::gather(&self.ledger, id, &checkpoint, &asked.disclosure).unwrap();
        let proof = Proof::new(parts).unwrap();
        let (_, publication) = publish::find(&self.ledger, id).unwrap();
        let pact = publish::pact(&self.ledger, &publication, publish::Openness::of(&proof), Some(&proof));
        let pact = pact.unwrap_or_else(|why| format!("no PACT file: {why}\n").into_bytes());
        self.write(&format!("published/{id}.pcfproof"), proof.to_bytes().unwrap());
        self.write(
            &format!("published/{id}.html"),
            pcf_desk::pages::page_of(&self.ledger, id, publish::Openness::of(&proof)).unwrap(),
        );
        self.write(&format!("published/{id}.json"), pact);
        self.write("published/index.html", pcf_desk::pages::index_of(&self.ledger).unwrap());
    }

    /// Closes the ledger, which lets its lock go; the desk stays.
    pub fn close(mut self) -> TempDir {
        self.ledger.flush().unwrap();
        self.dir
    }
}

fn salt(n: u64) -> Salt {
    let mut bytes = [0; 16];
    bytes[0] = 1;
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    Salt::from_bytes(bytes)
}

/// A statement from its parts; version and salt are added.
fn numbered(value: Value, n: u64) -> Statement {
    let value = with(value, json!({"v": "1", "salt": NO_SALT}));
    decode_draft(&encode(&value).unwrap()).unwrap_or_else(|e| panic!("{value}: {e}")).with_salt(salt(n))
}

/// Every file below a directory, sorted, relative to it.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path)
            } else {
                all.push(path.strip_prefix(dir).unwrap().to_path_buf())
            }
        }
    }
    all.sort();
    all
}
