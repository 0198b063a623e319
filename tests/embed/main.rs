//! Embeds the library as another program would: a ledger in a directory, one enrolled actor, and a
//! query that another
//! reader answers. Exits with an error where anything differs from what it expects.

use std::error::Error;

use pcf_ledger::codec::decode_draft;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Genesis, PublicKey, Salt};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::Holder;

fn main() -> Result<(), Box<dyn Error>> {
    let key = |n| SigningKey::generate([n; 32]);
    let public = |key: &SigningKey| PublicKey::from_bytes(key.verifying_key().to_bytes());
    let (operator, recovery, log, maker) = (key(1), key(2), key(3), key(4));
    let genesis = Genesis {
        by: "operator".parse()?,
        log_key: public(&log),
        operator_key: public(&operator),
        origin: "embed.example/l1".parse()?,
        recovery_key: public(&recovery),
        salt: Salt::from_bytes([0; 16]),
        r#type: Default::default(),
        v: Default::default(),
    };
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("ledger");
    let holder = Holder { label: "embed".into(), started: "2026-01-01T00:00:00Z".into() };
    let mut ledger = Ledger::create(&path, genesis, &operator, 1_767_225_600, &holder)?;
    let actor = format!(
        r#"{{"actor":"acme","by":"operator","keys":["{}"],"name":"Acme","rights":{{"stages":["production"],"types":["activity"]}},"salt":"AAECAwQFBgcICQoLDA0ODw","type":"actor","v":"1"}}"#,
        public(&maker)
    );
    ledger.append(&operator, 1_767_225_600, &[decode_draft(actor.as_bytes())?])?;
    let reader = Ledger::read(&path)?;
    let (_, actor) = reader.book().actor(&"acme".parse()?)?.ok_or("the actor is not there")?;
    if reader.size() != 2 || actor.name.as_str() != "Acme" {
        return Err("a reader sees another ledger than the writer".into());
    }
    println!("{} submissions, {}", reader.size(), reader.id());
    Ok(())
}
