//! An embedded, append-only ledger of a product's life, from design to recycling.
//!
//! Manufacturers, suppliers, carriers and recyclers put signed statements into it; it calculates each product's
//! carbon footprint exactly from them; whoever receives a published footprint proves it offline.
//!
//! # Example
//!
//! Embedded use: open a ledger, submit statements, calculate, publish, prove, verify. The library never reads the clock or asks for randomness:
//! the caller passes both (constants here, so that the example says the same every time).
//!
//! ```
//! use pcf_ledger::proof::{Proof, Trust, Verdict};
//! use pcf_ledger::codec::decode_draft;
//! use pcf_ledger::ledger::Ledger;
//! use pcf_ledger::model::{Genesis, PublicKey, Salt, Statement};
//! use pcf_ledger::publish::{self, Disclosure, Order};
//! use pcf_ledger::sign::SigningKey;
//! use pcf_ledger::store::Holder;
//!
//! let key = |n| SigningKey::generate([n; 32]); // 32 random bytes in earnest
//! let public = |key: &SigningKey| PublicKey::from_bytes(key.verifying_key().to_bytes());
//! let (operator, recovery, log, maker) = (key(1), key(2), key(3), key(4));
//! let genesis = Genesis {
//!     by: "operator".parse()?, log_key: public(&log), operator_key: public(&operator), origin: "acme.example/l1".parse()?,
//!     recovery_key: public(&recovery), salt: Salt::from_bytes([0; 16]), r#type: Default::default(), v: Default::default(),
//! };
//! let (dir, now) = (tempfile::tempdir()?, 1_767_225_600);
//! let holder = Holder { label: "example".into(), started: "2026-01-01T00:00:00Z".into() };
//! let mut ledger = Ledger::create(&dir.path().join("ledger"), genesis, &operator, now, &holder)?;
//!
//! let read = |text: &str| decode_draft(text.replace("SALT", "AAECAwQFBgcICQoLDA0ODw").as_bytes());
//! let actor = r#"{"actor":"acme","by":"operator","keys":["KEY"],"name":"Acme","rights":{"stages":["production"],"types":["factor","product","activity","publication"]},"salt":"SALT","type":"actor","v":"1"}"#;
//! ledger.append(&operator, now, &[read(&actor.replace("KEY", &public(&maker).to_string()))?])?;
//! let statements = [
//!     r#"{"by":"acme","category":"electricity.lifecycle","data":"secondary","factor":"grid","gwp":"unstated","licence":"public","name":"Grid electricity","salt":"SALT","scope":"life-cycle","source":"ministry","type":"factor","unit":"kWh","v":"1","values":{"fossilGhgEmissions":"0.5777"},"year":"2024"}"#,
//!     r#"{"boundary":"cradle-to-gate","by":"acme","declaredUnit":{"amount":"1","unit":"piece"},"ids":["urn:gtin:06901234000016"],"name":"Casing","processes":[{"name":"casting","signers":["acme"],"stage":"production"}],"salt":"SALT","type":"product","v":"1"}"#,
//!     r#"{"by":"acme","flows":[{"amount":"53000","factor":"grid","kind":"energy","name":"grid electricity","unit":"kWh"}],"outputs":[{"amount":"12000","product":"urn:gtin:06901234000016","unit":"piece"}],"period":{"end":"2025-01-01","start":"2024-01-01"},"process":"casting","salt":"SALT","stage":"production","type":"activity","v":"1"}"#,
//! ];
//! let statements: Vec<Statement> = statements.iter().map(|text| read(text)).collect::<Result<_, _>>()?;
//! ledger.append(&maker, now, &statements)?; // whole or not at all, and durable now
//!
//! let order = Order::draft("urn:gtin:06901234000016".parse()?, "2024".parse()?, "2026-01-01T00:00:00Z".parse()?, *b"32 bytes of the system's chance!")?;
//! let prepared = publish::prepare(&ledger, &order)?;
//! assert_eq!(prepared.footprint.figures.gate.excluding_uptake.to_string(), "2.551508333333333"); // 53000 * 0.5777 / 12000
//! ledger.append(&maker, now, &[prepared.publication.into()])?;
//! let checkpoint = ledger.sign_checkpoint(&log, &[])?;
//! let proof = Proof::new(publish::gather(&ledger, &order.footprint, &checkpoint, &Disclosure::all())?)?.to_bytes()?;
//!
//! // Elsewhere, with nothing but the file and the log's key:
//! let trust = Trust { log_key: Some(ledger.verifier_key()?), ..Trust::default() };
//! assert_eq!(Proof::parse(&proof)?.verify(&trust).verdict(), Verdict::Holds);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Crates
//!
//! [`pcf_core`] is the pure half, and its modules are re-exported here, so that an embedding program sees one library. `pcf-files` reads
//! files, `pcf-pages` writes pages, `pcf-desk` holds the verbs as functions, `pcf-serve` reaches
//! the network. Imports go only downward.
//!
//! | floor | rooms | what they own |
//! |---|---|---|
//! | 0 | [`durable`] | small files, written whole |
//! | 1 | [`store`] | bytes on disk |
//! | 2 | [`keyfile`], [`stored`] | files of keys; values of the derived files |
//! | 3 | [`runs`] | tables derived from the log |
//! | 4 | [`ledger`] | the one writer |
//! | 5 | [`publish`], [`audit`] | the publication gate; checking everything again |

pub mod audit;
mod batches;
pub mod durable;
pub mod keyfile;
pub mod ledger;
pub mod publish;
pub mod runs;
pub mod store;
pub mod stored;

pub use pcf_core::{
    admission, calc, checks, codec, limits, log, merkle, model, pact, plausibility, proof, sign,
};
