//! Keys, key files, seals and signed notes agree with OpenSSL and with another implementation, and
//! every flipped bit is refused.

use std::fs;
use std::path::Path;
use std::process::Command;

use pcf_ledger::codec::digest::sha256;
use pcf_ledger::keyfile::{self, KeyFileError};
use pcf_ledger::limits::KEY_FILE_BYTES_MAX;
use pcf_ledger::merkle::{Hash, leaf_hash, root};
use pcf_ledger::sign::pem::{Encryption, is_encrypted};
use pcf_ledger::sign::{KeyKind, Note, Seal, SignError, SigningKey, VerifierKey, VerifyingKey};
use pcf_testing::tools::required;

const PASSPHRASE: &[u8] = b"correct-horse";

fn key() -> SigningKey {
    SigningKey::generate(sha256(&[b"pcf test key"]))
}

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new("tests/vectors/keys").join(name)).unwrap()
}

fn encryption() -> Encryption<'static> {
    Encryption { passphrase: PASSPHRASE, salt: [1; 16], iv: [2; 16] }
}

#[test]
fn key_files_written_by_openssl_are_read() {
    for (name, encrypted) in
        [("plain.pem", false), ("version2.pem", false), ("scrypt.pem", true), ("pbkdf2.pem", true)]
    {
        let text = fixture(name);
        assert_eq!(is_encrypted(&text).unwrap(), encrypted, "{name}");
        let read = SigningKey::from_pem(&text, Some(PASSPHRASE)).unwrap();
        assert_eq!(read.verifying_key(), key().verifying_key(), "{name}");
    }
}

#[test]
fn key_files_are_written_as_the_fixtures_that_openssl_reads() {
    assert_eq!(*key().to_pem(None).unwrap(), fixture("plain.pem"));
    assert_eq!(*key().to_pem(None).unwrap(), fixture("ours.pem"));
    assert_eq!(*key().to_pem(Some(encryption())).unwrap(), fixture("ours-scrypt.pem"));
}

#[test]
fn openssl_reads_our_key_files_and_we_read_what_it_writes() {
    if !required(&["openssl"]) {
        return;
    }
    let openssl = |arguments: &[&str]| Command::new("openssl").args(arguments).output();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let ours = path("ours.pem");
    keyfile::write_new(Path::new(&ours), &key().to_pem(Some(encryption())).unwrap()).unwrap();
    let read =
        openssl(&["pkey", "-in", &ours, "-passin", "pass:correct-horse", "-pubout", "-outform", "DER"]);
    let read = read.unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    assert!(read.stdout.ends_with(&key().verifying_key().to_bytes()));

    let (theirs, message, signature) = (path("theirs.pem"), path("message"), path("signature"));
    let made = openssl(&["genpkey", "-algorithm", "ed25519", "-out", &theirs]).unwrap();
    assert!(made.status.success());
    fs::write(&message, b"what openssl signs").unwrap();
    let signed =
        openssl(&["pkeyutl", "-sign", "-rawin", "-inkey", &theirs, "-in", &message, "-out", &signature]);
    assert!(signed.unwrap().status.success());
    let read = SigningKey::from_pem(&keyfile::read(Path::new(&theirs)).unwrap(), None).unwrap();
    assert_eq!(read.sign(b"what openssl signs").as_slice(), fs::read(&signature).unwrap());
}

#[test]
fn each_reason_why_a_key_file_is_refused_has_its_own_error() {
    let read = |name: &str, passphrase| SigningKey::from_pem(&fixture(name), passphrase).unwrap_err();
    assert!(matches!(read("scrypt.pem", None), SignError::PassphraseMissing));
    assert!(matches!(read("scrypt.pem", Some(b"".as_slice())), SignError::WrongPassphrase));
    assert!(matches!(read("pbkdf2.pem", Some(b"correct-horsf")), SignError::WrongPassphrase));
    assert!(matches!(read("x25519.pem", None), SignError::NotEd25519 { .. }));
    assert!(matches!(read("x25519-scrypt.pem", Some(PASSPHRASE)), SignError::NotEd25519 { .. }));
    assert!(matches!(read("p256.pem", None), SignError::NotEd25519 { .. }));
    assert!(matches!(read("version2-wrong-public-key.pem", None), SignError::NotEd25519 { .. }));
    assert!(matches!(read("public.pem", None), SignError::NotPem { .. }));
    assert!(matches!(read("README.md", None), SignError::NotPem { .. }));
    let long = format!("{}{}", fixture("plain.pem"), "\n".repeat(KEY_FILE_BYTES_MAX));
    assert!(matches!(SigningKey::from_pem(&long, None), Err(SignError::TooLong { .. })));
    assert!(matches!(SigningKey::from_pem("", None), Err(SignError::NotPem { .. })));
}

#[test]
fn a_hostile_key_file_is_refused_before_it_costs_anything() {
    for name in ["scrypt-hostile.pem", "pbkdf2-hostile.pem"] {
        let error = SigningKey::from_pem(&fixture(name), Some(PASSPHRASE)).unwrap_err();
        assert!(matches!(error, SignError::UnsupportedEncryption { .. }), "{name}: {error}");
    }
}

#[test]
fn a_damaged_plain_key_file_never_panics() {
    let text = fixture("version2.pem");
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        let _ = SigningKey::from_pem(&String::from_utf8(bytes).unwrap(), None);
        let _ = SigningKey::from_pem(&text[..at], None);
    }
}

#[test]
fn a_key_file_is_written_once_and_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.pem");
    let pem = key().to_pem(None).unwrap();
    keyfile::write_new(&path, &pem).unwrap();
    assert!(!keyfile::is_open_to_others(&path).unwrap());
    assert_eq!(*keyfile::read(&path).unwrap(), *pem);
    let error = keyfile::write_new(&path, "another").unwrap_err();
    assert!(matches!(error, KeyFileError::File { action: "written", .. }), "{error}");
    assert_eq!(*keyfile::read(&path).unwrap(), *pem);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(keyfile::is_open_to_others(&path).unwrap());
    }
    let absent = folder.path().join("absent.pem");
    assert!(matches!(keyfile::read(&absent), Err(KeyFileError::File { action: "read", .. })));
    let long = folder.path().join("long.pem");
    fs::write(&long, vec![b'x'; KEY_FILE_BYTES_MAX + 1]).unwrap();
    assert!(matches!(keyfile::read(&long), Err(KeyFileError::Sign(SignError::TooLong { .. }))));
    fs::write(&long, [0xff; 10]).unwrap();
    assert!(matches!(keyfile::read(&long), Err(KeyFileError::Sign(SignError::NotPem { .. }))));
}

fn statements(count: u32) -> Vec<Hash> {
    (0..count).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn seal() -> Seal {
    Seal::sign(&key(), leaf_hash(b"genesis"), 1_700_000_000, &statements(3)).unwrap()
}

#[test]
fn a_seal_has_the_bytes_of_its_table() {
    let seal = seal();
    let bytes = seal.to_bytes();
    assert_eq!(hex::encode(bytes), fs::read_to_string("tests/vectors/seal/three.hex").unwrap().trim());
    let expected = [
        b"PCFSEAL1".as_slice(),
        &leaf_hash(b"genesis"),
        &key().verifying_key().to_bytes(),
        &1_700_000_000u64.to_be_bytes(),
        &3u64.to_be_bytes(),
        &root(&statements(3)),
    ];
    assert_eq!(seal.message().as_slice(), expected.concat());
    assert_eq!(bytes[120..], key().sign(&bytes[..120]));
    assert_eq!(Seal::parse(&bytes).unwrap(), seal);
}

#[test]
fn a_seal_with_any_bit_flipped_is_refused() {
    let bytes = seal().to_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes;
        flipped[bit / 8] ^= 1 << (bit % 8);
        let refused = Seal::parse(&flipped).and_then(|seal| seal.verify_signature()).is_err();
        assert!(refused, "bit {bit}");
    }
}

#[test]
fn a_seal_of_another_length_or_count_is_refused() {
    let bytes = seal().to_bytes();
    for length in (0..184).chain([185, 368]) {
        let other: Vec<u8> = bytes.iter().copied().cycle().take(length).collect();
        assert!(matches!(Seal::parse(&other), Err(SignError::InvalidSeal { .. })), "{length}");
    }
    for (count, read) in [(0, false), (1, true), (65_536, true), (65_537, false), (u64::MAX, false)] {
        let mut other = bytes;
        other[80..88].copy_from_slice(&count.to_be_bytes());
        assert_eq!(Seal::parse(&other).is_ok(), read, "{count}");
    }
    assert!(Seal::sign(&key(), [0; 32], 0, &[]).is_err());
    assert!(Seal::sign(&key(), [0; 32], 0, &statements(65_536)).is_ok());
    assert!(Seal::sign(&key(), [0; 32], 0, &statements(65_537)).is_err());
}

#[test]
fn a_seal_covers_exactly_its_statements_in_their_order() {
    let seal = seal();
    let sealed = statements(3);
    seal.check_statements(&sealed).unwrap();
    let count = seal.check_statements(&sealed[..2]).unwrap_err();
    assert_eq!(count.to_string(), "expected 3 statements under the seal, got 2");
    let swapped = [sealed[1], sealed[0], sealed[2]];
    assert!(matches!(seal.check_statements(&swapped), Err(SignError::SealedRootMismatch { .. })));
}

#[test]
fn seals_are_the_same_when_what_is_signed_is() {
    let seal = seal();
    let mut bytes = seal.to_bytes();
    bytes[183] ^= 1;
    assert!(Seal::parse(&bytes).unwrap().same_content(&seal));
    bytes[79] ^= 1; // one second
    assert!(!Seal::parse(&bytes).unwrap().same_content(&seal));
}

#[test]
fn a_seal_by_a_weak_key_is_refused() {
    let mut bytes = seal().to_bytes();
    bytes[40..72].fill(0);
    let error = Seal::parse(&bytes).unwrap().verify_signature().unwrap_err();
    assert!(matches!(error, SignError::InvalidPublicKey { .. }), "{error}");
}

const EXAMPLE_VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE: &str = "This is an example message.\n\n\u{2014} example.com/foo \
    Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn verifier(name: &str, key: &SigningKey) -> VerifierKey {
    VerifierKey::new(name, KeyKind::Ed25519, key.verifying_key()).unwrap()
}

#[test]
fn the_example_of_the_note_format_verifies() {
    let known = [EXAMPLE_VKEY.parse().unwrap()];
    let note = Note::parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.to_string(), EXAMPLE);
    assert_eq!(note.verify(&known).unwrap().len(), 1);
    for at in 0..EXAMPLE.len() {
        let mut changed = EXAMPLE.as_bytes().to_vec();
        changed[at] ^= 1;
        assert!(Note::parse(&changed).and_then(|note| note.verify(&known).map(|_| ())).is_err(), "byte {at}");
        assert!(Note::parse(&EXAMPLE.as_bytes()[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn another_implementation_verifies_our_notes() {
    use signed_note::{StandardVerifier, VerifierList};
    let text = "first paragraph\n\nsecond paragraph\n";
    let note = Note::sign(text, "example.com/log", &key()).unwrap().to_string();
    let vkey = verifier("example.com/log", &key()).to_string();
    let theirs = signed_note::Note::from_bytes(note.as_bytes()).unwrap();
    let known = VerifierList::new(vec![Box::new(StandardVerifier::new(&vkey).unwrap())]);
    let (verified, _) = theirs.verify(&known).unwrap();
    assert_eq!(verified.len(), 1);
    assert_eq!(theirs.text(), text.as_bytes());
    let ours = Note::parse(&theirs.to_bytes()).unwrap();
    assert_eq!(ours.text(), text);
}

#[test]
fn unknown_signatures_are_passed_over_and_false_ones_refuse_the_note() {
    let (a, b) = (SigningKey::generate([1; 32]), SigningKey::generate([2; 32]));
    let known = [verifier("a", &a), verifier("b", &b)];
    let mut note = Note::sign("text\n", "a", &a).unwrap();
    note.add(Note::sign("other\n", "c", &b).unwrap().signatures()[0].clone()).unwrap();
    note.add(Note::sign("text\n", "a", &a).unwrap().signatures()[0].clone()).unwrap();
    let verified = note.verify(&known).unwrap();
    assert_eq!(verified.len(), 1, "a key that signed twice counts once");
    assert_eq!(verified[0].key, &known[0]);
    assert!(matches!(note.verify(&known[1..]), Err(SignError::NoKnownSignature { known: 1 })));
    note.add(Note::sign("other\n", "b", &b).unwrap().signatures()[0].clone()).unwrap();
    assert_eq!(note.verify(&known[..1]).unwrap().len(), 1);
    match note.verify(&known) {
        Err(SignError::BadNoteSignature { name }) => assert_eq!(name, "b"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn notes_out_of_form_are_refused_with_the_line() {
    let line = EXAMPLE.lines().last().unwrap();
    let wrong = [
        (1, "no line feed".to_owned()),
        (1, "no blank line\n".to_owned()),
        (3, "no signature\n\n".to_owned()),
        (1, format!("a tab\t\n\n{line}\n")),
        (1, format!("a return\r\n\n{line}\n")),
        (3, format!("no line feed at the end\n\n{line}")),
        (3, format!("a hyphen\n\n{}\n", line.replace('\u{2014}', "-"))),
        (3, format!("two spaces\n\n{}\n", line.replace("/foo ", "/foo  "))),
        (3, format!("a plus\n\n{}\n", line.replace("/foo", "+foo"))),
        (3, format!("a wide space\n\n{}\n", line.replace("/foo", "\u{3000}foo"))),
        (3, format!("no padding\n\n{}\n", line.trim_end_matches('='))),
        (4, format!("a second line\n\n{line}\nmore\n")),
        (3, "an id alone\n\n\u{2014} example.com/foo Uw2QOg==\n".to_owned()),
        (103, format!("too many\n\n{}", format!("{line}\n").repeat(101))),
    ];
    for (expected, text) in wrong {
        match Note::parse(text.as_bytes()) {
            Err(SignError::InvalidNote { line, .. }) => assert_eq!(line, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let full = format!("enough\n\n{}", format!("{line}\n").repeat(100));
    assert_eq!(Note::parse(full.as_bytes()).unwrap().signatures().len(), 100);
    assert!(matches!(Note::parse(b"\xff\n\n"), Err(SignError::InvalidNote { line: 1, .. })));
    assert!(matches!(Note::parse(&vec![b'x'; 1_000_001]), Err(SignError::TooLong { .. })));
    assert!(Note::sign("no line feed", "a", &key()).is_err());
    assert!(Note::sign("", "a", &key()).is_err());
    assert!(Note::sign("text\n", "a b", &key()).is_err());
}

#[test]
fn a_public_key_alone_verifies_nothing_but_its_own_messages() {
    let public = VerifyingKey::from_bytes(&key().verifying_key().to_bytes()).unwrap();
    public.verify(b"message", &key().sign(b"message")).unwrap();
    assert!(public.verify(b"message", &SigningKey::generate([3; 32]).sign(b"message")).is_err());
    assert!(public.verify(b"message", &[0; 64]).is_err());
}
