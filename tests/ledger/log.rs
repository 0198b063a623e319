//! Checkpoints, cosignatures and proofs of a log of five entries, made and checked by other
//! implementations, verify here and come out the same.

use std::fs;

use pcf_ledger::codec::digest::sha256;
use pcf_ledger::log::{Checkpoint, LogError, SignedCheckpoint, TlogProof};
use pcf_ledger::merkle::{
    Hash, consistency_proof, empty_root, inclusion_proof, leaf_hash, root, verify_consistency,
};
use pcf_ledger::sign::{KeyKind, Note, NoteSignature, SignError, SigningKey, VerifierKey};

fn file(name: &str) -> Vec<u8> {
    fs::read(format!("tests/vectors/tlog/log5/{name}")).unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(file(name)).unwrap()
}

fn log_key() -> VerifierKey {
    text("log.vkey").trim().parse().unwrap()
}

fn witness_key() -> VerifierKey {
    text("witness.vkey").trim().parse().unwrap()
}

fn tile_leaves(name: &str) -> Vec<Hash> {
    file(name).chunks(32).map(|hash| hash.try_into().unwrap()).collect()
}

#[test]
fn the_checkpoints_of_another_implementation_verify() {
    let newer = SignedCheckpoint::parse(&file("checkpoint"), &log_key()).unwrap();
    assert_eq!(newer.checkpoint().origin(), "pcf.example/ledger1");
    assert_eq!(newer.checkpoint().size(), 5);
    assert_eq!(newer.note().to_string(), text("checkpoint"));
    let witnesses = [witness_key()];
    let cosignatures = newer.cosignatures(&witnesses).unwrap();
    assert_eq!(cosignatures.len(), 1);
    assert_eq!(cosignatures[0].key, &witnesses[0]);
    assert_eq!(cosignatures[0].time_s, Some(1_700_000_000));
    let older = SignedCheckpoint::parse(&file("checkpoint.old"), &log_key()).unwrap();
    assert_eq!(older.checkpoint().size(), 3);
    assert!(older.cosignatures(&witnesses).unwrap().is_empty());
}

#[test]
fn we_sign_the_same_bytes_from_the_same_seeds() {
    let log = SigningKey::generate(sha256(&[b"pcf log test key"]));
    let witness = SigningKey::generate(sha256(&[b"pcf witness test key"]));
    let leaves = tile_leaves("tile/0/000.p/5");
    let mut note = Checkpoint::new("pcf.example/ledger1", 5, root(&leaves)).unwrap().sign(&log).unwrap();
    note.cosign("witness.example/w1", &witness, 1_700_000_000).unwrap();
    assert_eq!(note.to_string(), text("checkpoint"));
    let verifier =
        VerifierKey::new("witness.example/w1", KeyKind::Cosignature, witness.verifying_key()).unwrap();
    assert_eq!(verifier.to_string(), text("witness.vkey").trim());
}

#[test]
fn the_tiles_give_the_roots_of_the_checkpoints() {
    for (tile, checkpoint) in [("5", "checkpoint"), ("3", "checkpoint.old")] {
        let leaves = tile_leaves(&format!("tile/0/000.p/{tile}"));
        let signed = SignedCheckpoint::parse(&file(checkpoint), &log_key()).unwrap();
        assert_eq!(signed.checkpoint().root(), &root(&leaves));
        let mut bundle = file(&format!("tile/entries/000.p/{tile}")).into_iter();
        for leaf in leaves {
            let length = usize::from(u16::from_be_bytes([bundle.next().unwrap(), bundle.next().unwrap()]));
            let entry: Vec<u8> = bundle.by_ref().take(length).collect();
            assert_eq!(leaf_hash(&entry), leaf);
        }
        assert_eq!(bundle.next(), None);
    }
}

#[test]
fn the_consistency_proof_asked_of_a_witness_is_ours() {
    let request = text("add-checkpoint.req");
    let (head, note) = request.split_once("\n\n").unwrap();
    let older = SignedCheckpoint::parse(&file("checkpoint.old"), &log_key()).unwrap();
    let newer = SignedCheckpoint::parse(note.as_bytes(), &log_key()).unwrap();
    let ours = consistency_proof(&tile_leaves("tile/0/000.p/5"), 3, 5).unwrap();
    newer.checkpoint().verify_extends(older.checkpoint(), &ours).unwrap();
    let theirs: Vec<&str> = head.lines().skip(1).collect();
    let ours_as_proof = TlogProof::new(0, ours.clone(), &newer).unwrap().to_string();
    let written: Vec<&str> = ours_as_proof.lines().skip(2).take(ours.len()).collect();
    assert_eq!(written, theirs);
    for at in 0..ours.len() {
        let mut flipped = ours.clone();
        flipped[at][7] ^= 1;
        assert!(newer.checkpoint().verify_extends(older.checkpoint(), &flipped).is_err());
    }
    assert!(verify_consistency(3, newer.checkpoint().root(), 5, older.checkpoint().root(), &ours).is_err());
}

#[test]
fn the_proof_file_of_another_implementation_verifies_and_is_written_back() {
    let proof = TlogProof::parse(&file("entry.tlog-proof")).unwrap();
    assert_eq!(proof.to_string(), text("entry.tlog-proof"));
    let leaf = leaf_hash(&file("entry.bin"));
    let signed = proof.verify(&leaf, &log_key()).unwrap();
    assert_eq!((proof.index(), signed.checkpoint().size()), (3, 5));
    let ours = inclusion_proof(&tile_leaves("tile/0/000.p/5"), 3, 5).unwrap();
    assert_eq!(proof.path(), ours);
    assert_eq!(TlogProof::new(3, ours, &signed).unwrap(), proof);
    assert!(matches!(proof.verify(&empty_root(), &log_key()), Err(LogError::Merkle(_))));
    assert!(matches!(
        proof.verify(&leaf, &witness_key()),
        Err(LogError::Sign(SignError::WrongKeyKind { .. }))
    ));
}

#[test]
fn a_proof_file_with_any_byte_changed_is_refused() {
    let bytes = file("entry.tlog-proof");
    let leaf = leaf_hash(&file("entry.bin"));
    let holds = |bytes: &[u8]| {
        let Ok(proof) = TlogProof::parse(bytes) else { return false };
        let Ok(signed) = proof.verify(&leaf, &log_key()) else { return false };
        signed.cosignatures(&[witness_key()]).is_ok_and(|known| known.len() == 1)
    };
    assert!(holds(&bytes));
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            assert!(!holds(&changed), "bit {bit} of byte {at}");
        }
        assert!(!holds(&bytes[..at]), "cut at {at}");
    }
    assert!(!holds(&[&bytes[..], b"\n"].concat()));
}

#[test]
fn a_proof_file_keeps_its_extra_data_and_has_one_spelling() {
    let plain = text("entry.tlog-proof");
    let with_extra = plain.replace("index 3", "extra AAEC\nindex 3");
    let proof = TlogProof::parse(with_extra.as_bytes()).unwrap();
    assert_eq!(proof.extra(), Some([0, 1, 2].as_slice()));
    assert_eq!(proof.to_string(), with_extra);
    let hash = "zNuuV3F5Ys94IGGoPxTj6yJtjDKdRwomC69vfyRLKDw=\n";
    let wrong = [
        plain.replace("index 3", "index 03"),
        plain.replace("index 3", "index +3"),
        plain.replace("index 3", "index 3 "),
        plain.replace("index 3", "extra \nindex 3"),
        plain.replace("index 3", "extra AAE\nindex 3"),
        plain.replace("@v1", "@v2"),
        plain.replace(hash, "zNuuV3F5Ys94IGGoPxTj6yJtjDKdRwomC69vfyRLKDx=\n"),
        plain.replace(hash, &hash.repeat(64)),
        plain.replace('\n', "\r\n"),
    ];
    for text in wrong {
        assert!(TlogProof::parse(text.as_bytes()).is_err(), "{text}");
    }
    let second = TlogProof::parse(plain.replace("index 3", "index 03").as_bytes()).unwrap_err();
    let expected = "expected a tlog-proof whose line 2 is an index without leading zeros, got \"index 03\"";
    assert_eq!(second.to_string(), expected);
}

#[test]
fn a_checkpoint_has_one_spelling() {
    let root = "G+HzD1vBFDWMZvWEyZoQsORhFK35PqIA4OeKqg8f0Oc=";
    let good = format!("a.example/log\n5\n{root}\n");
    assert_eq!(Checkpoint::parse(&good).unwrap().to_string(), good);
    let extended = format!("{good}an extension\nanother\n");
    let checkpoint = Checkpoint::parse(&extended).unwrap();
    assert_eq!(checkpoint.extensions(), ["an extension", "another"]);
    assert_eq!(checkpoint.to_string(), extended);
    assert!(checkpoint.sign(&SigningKey::generate([1; 32])).is_err());
    let wrong = [
        (1, format!("\n5\n{root}\n")),
        (2, format!("a.example/log\n05\n{root}\n")),
        (2, format!("a.example/log\n-5\n{root}\n")),
        (2, format!("a.example/log\n18446744073709551616\n{root}\n")),
        (2, format!("a.example/log\n\n{root}\n")),
        (3, "a.example/log\n5\nG+HzD1vBFDWMZvWEyZoQsORhFK35PqIA4OeKqg8f0Od=\n".into()),
        (3, "a.example/log\n5\nG+HzD1vBFDWMZvWEyZoQsORhFK35PqIA4OeKqg8f0Oc\n".into()),
        (3, format!("a.example/log\n0\n{root}\n")),
        (3, "a.example/log\n5\n".into()),
        (4, format!("{good}\n")),
        (5, format!("{good}one\n\n")),
        (3, good.trim_end().into()),
    ];
    for (expected, text) in wrong {
        match Checkpoint::parse(&text) {
            Err(LogError::InvalidCheckpoint { line, .. }) => assert_eq!(line, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert!(Checkpoint::new("", 1, empty_root()).is_err());
    assert!(Checkpoint::new("a\n7", 1, empty_root()).is_err());
    assert!(Checkpoint::new("a", 0, leaf_hash(b"x")).is_err());
    Checkpoint::new("a", 0, empty_root()).unwrap();
}

#[test]
fn a_checkpoint_counts_only_for_the_log_whose_key_signed_it() {
    let key = SigningKey::generate([1; 32]);
    let named = |name| VerifierKey::new(name, KeyKind::Ed25519, key.verifying_key()).unwrap();
    let text = Checkpoint::new("a.example", 1, leaf_hash(b"x")).unwrap().to_string();
    let note = Note::sign(&text, "b.example", &key).unwrap();
    let error = SignedCheckpoint::from_note(note.clone(), &named("b.example")).unwrap_err();
    assert!(matches!(error, LogError::OtherOrigin { .. }), "{error}");
    let error = SignedCheckpoint::from_note(note, &named("a.example")).unwrap_err();
    assert!(matches!(error, LogError::NotSignedByLog { .. }), "{error}");
    let error = SignedCheckpoint::parse(b"a.example\n", &named("a.example")).unwrap_err();
    assert!(matches!(error, LogError::Sign(SignError::InvalidNote { .. })), "{error}");
}

#[test]
fn an_empty_older_log_needs_no_proof_and_takes_none() {
    let empty = Checkpoint::new("a.example", 0, empty_root()).unwrap();
    let one = Checkpoint::new("a.example", 1, leaf_hash(b"x")).unwrap();
    one.verify_extends(&empty, &[]).unwrap();
    assert!(one.verify_extends(&empty, &[empty_root()]).is_err());
    assert!(empty.verify_extends(&one, &[]).is_err());
    let other = Checkpoint::new("b.example", 0, empty_root()).unwrap();
    assert!(matches!(one.verify_extends(&other, &[]), Err(LogError::OtherOrigin { .. })));
}

#[test]
fn a_cosignature_holds_for_its_own_time_text_and_key_only() {
    let signed = SignedCheckpoint::parse(&file("checkpoint"), &log_key()).unwrap();
    let line = signed.note().signatures()[1].to_string();
    let (start, data) = line.rsplit_once(' ').unwrap();
    // Base64 digit 8 is in the time, digit 40 in the signature.
    for digit in [8, 40] {
        let mut changed: Vec<char> = data.chars().collect();
        changed[digit] = if changed[digit] == 'A' { 'B' } else { 'A' };
        let changed: String = changed.into_iter().collect();
        let mut note = SignedCheckpoint::parse(&file("checkpoint"), &log_key()).unwrap().note().clone();
        note.add(NoteSignature::parse(&format!("{start} {changed}")).unwrap()).unwrap();
        let signed = SignedCheckpoint::from_note(note, &log_key()).unwrap();
        let error = signed.cosignatures(&[witness_key()]).unwrap_err();
        assert!(matches!(error, LogError::Sign(SignError::BadNoteSignature { .. })), "{error}");
    }
    assert!(signed.cosignatures(&[log_key()]).is_err());
}
