//! An actor whose name a reader takes for another's: letters of other scripts, characters that nobody sees.

use pcf_testing::{actor, with};
use serde_json::json;

use super::hall::has;

#[test]
fn a_name_with_characters_that_nobody_sees_is_refused() {
    let named = |name: &str| {
        let mut value = with(with(actor("eve", &[60]), "name", name), "v", "1");
        value["salt"] = "AAECAwQFBgcICQoLDA0ODw".into();
        pcf_ledger::codec::decode_draft(&pcf_ledger::codec::encode(&value).unwrap())
    };
    for unseen in
        ["Acme\u{200b} Ltd", "\u{202e}dtL emcA", "Acme\u{ad} Ltd", "Acme\u{feff} Ltd", "Acme\u{e0041} Ltd"]
    {
        has(&named(unseen).unwrap_err().to_string(), "which nobody sees");
    }
    for seen in ["Acme Ltd", "临湖瓶业", "Æther ŒÜ", "АБВ завод"] {
        named(seen).unwrap();
    }
}

#[test]
fn a_name_in_letters_of_another_script_is_told_from_the_pinned_one() {
    use super::vault::refuses;
    use pcf_ledger::proof::{Pins, Trust};
    use pcf_testing::world::{MAKES, World, actor, key, key_of, public};
    let mut world = World::new(1);
    let (id, used) = world.life();
    // The operator names the maker as a well-known company, with a Cyrillic letter.
    let live = world.ledger.book().actor_history(&"maker".parse().unwrap()).unwrap()[0].to_string();
    let more = json!({"name": "\u{410}cme Ltd", "replaces": live});
    let operator = key_of(&world.operator);
    let renamed = actor("maker", &world.maker, MAKES, more);
    world.append(&operator, &[renamed]);
    let proof = world.proof(id, &used);
    let pin = format!(
        "version = 1\n[[actor]]\nactor = \"acme\"\nname = \"Acme Ltd\"\nkeys = [\"{}\"]\n",
        public(&key(99))
    );
    let trust = Trust { pins: Pins::from_toml(&pin).unwrap(), ..world.trust() };
    refuses(&proof.verify(&trust), "names", "U+0410 U+0063 U+006D U+0065");
}
