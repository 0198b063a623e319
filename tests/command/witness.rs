//! The witness client over a real socket keeps its promises with an honest witness and with dead,
//! slow, long-winded, hostile and advanced ones.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pcf_ledger::limits::WITNESS_ANSWER_BYTES_MAX;
use pcf_ledger::merkle::{Hash, empty_root, verify_consistency};
use pcf_ledger::sign::{KeyKind, Note, SigningKey, VerifierKey};
use pcf_ledger::{ledger::Post, log::Checkpoint};
use pcf_serve::Client;
use pcf_testing::calendar::moved;
use pcf_testing::copy;
use pcf_testing::desk::Desk;

use crate::PCF;

/// What a witness remembers of the one log it knows.
#[derive(Clone, Copy)]
struct Known {
    size: u64,
    root: Hash,
    asked: usize,
}

/// A server that answers each request with what `answer` makes of its body.
fn serve(answer: impl Fn(&str, &mut TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut got = Vec::new();
            let mut part = [0; 4096];
            let body = loop {
                let text = String::from_utf8_lossy(&got).into_owned();
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let length = head.lines().find_map(|line| {
                        line.to_lowercase().strip_prefix("content-length:").map(|n| n.trim().to_owned())
                    });
                    if body.len() >= length.unwrap_or_default().parse().unwrap_or(0) {
                        break body.to_owned();
                    }
                }
                match stream.read(&mut part) {
                    Ok(n) if n > 0 => got.extend_from_slice(&part[..n]),
                    _ => break String::new(),
                }
            };
            answer(&body, &mut stream);
        }
    });
    url
}

fn reply(stream: &mut TcpStream, status: u16, kind: &str, body: &str) {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    drop(stream.write_all((head + body).as_bytes()));
}

/// An honest witness named `wN.example`; what it knows can be read and changed.
fn witness(n: u8) -> (String, Arc<Mutex<Known>>) {
    let known = Arc::new(Mutex::new(Known { size: 0, root: empty_root(), asked: 0 }));
    let state = Arc::clone(&known);
    let url = serve(move |body, stream| {
        let mut known = state.lock().unwrap();
        known.asked += 1;
        let (head, note) = body.split_once("\n\n").unwrap();
        let mut lines = head.lines();
        let old: u64 = lines.next().unwrap().strip_prefix("old ").unwrap().parse().unwrap();
        let proof: Vec<Hash> = lines.map(|line| STANDARD.decode(line).unwrap().try_into().unwrap()).collect();
        let mut note = Note::parse(note.as_bytes()).unwrap();
        let new = Checkpoint::parse(note.text()).unwrap();
        if old != known.size {
            return reply(stream, 409, "text/x.tlog.size", &format!("{}\n", known.size));
        }
        let same = old == new.size() && known.root == *new.root() && proof.is_empty();
        let grown = || verify_consistency(old, &known.root, new.size(), new.root(), &proof).is_ok();
        if !(same || old == 0 && proof.is_empty() || old > 0 && grown()) {
            return reply(stream, 422, "text/plain", "no\n");
        }
        (known.size, known.root) = (new.size(), *new.root());
        note.cosign(&format!("w{n}.example"), &SigningKey::generate([n; 32]), 1_760_000_000).unwrap();
        reply(stream, 200, "text/plain", &format!("{}\n", note.signatures().last().unwrap()));
    });
    (url, known)
}

fn line(n: u8, url: &str) -> String {
    let key = SigningKey::generate([n; 32]).verifying_key();
    let key = VerifierKey::new(&format!("w{n}.example"), KeyKind::Cosignature, key).unwrap();
    format!("witness w{n} {key} {url}\n")
}

/// A port that nobody listens on.
fn dead() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A desk whose ledger can publish, with a policy of these lines.
fn desk(policy: &str) -> Desk {
    let desk = Desk::with_bottle(PCF);
    desk.write("w.policy", policy.as_bytes());
    desk.pcf("log policy w.policy").ok();
    desk
}

const CHECKPOINT: &str = "log checkpoint --sign-with led-keys/log.pem";

#[test]
fn a_checkpoint_is_cosigned_and_the_next_one_is_shown_to_grow_from_it() {
    let ((one, first), (two, second)) = (witness(1), witness(2));
    let policy = format!("{}{}group both all w1 w2\nquorum both\n", line(1, &one), line(2, &two));
    let desk = desk(&policy);
    let signed = desk.json(CHECKPOINT);
    assert_eq!(signed["witnesses"]["cosigned"], serde_json::json!(["w1", "w2"]), "{signed}");
    assert_eq!(first.lock().unwrap().size, desk.size());
    assert_eq!(first.lock().unwrap().asked, 2, "its view first, then the cosignature");
    // One of them was not there for a while: it is told the proof from where it is.
    desk.pcf("factor use cn.mee.elec_footprint.2024.national --by acme --sign-with acme.pem").ok();
    let before = *second.lock().unwrap();
    desk.pcf(CHECKPOINT).ok();
    *second.lock().unwrap() = before;
    desk.pcf("factor use uk.desnz2025.27_304_3132_14_1 --by acme --sign-with acme.pem").ok();
    let out = desk.pcf(CHECKPOINT).ok();
    assert!(out.contains("cosigned by w1, w2; the policy asks for all of (w1, w2)"), "{out}");
    assert_eq!(second.lock().unwrap().size, desk.size());
    let note = fs::read_to_string(desk.path("led/signed/checkpoint")).unwrap();
    assert_eq!(note.matches("\u{2014} ").count(), 3);
    assert_eq!(note, fs::read_to_string(desk.path("led-keys/log.pem.checkpoint")).unwrap());
}

#[test]
fn nothing_is_appended_or_signed_without_the_quorum_and_the_way_around_marks_the_result() {
    let (one, _) = witness(1);
    let policy = format!("{}{}group both all w1 w2\nquorum both\n", line(1, &one), line(2, &dead()));
    let desk = desk(&policy);
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    let size = desk.size();
    let publish = &moved(
        "publish urn:gtin:06901234000016 --period 2024 --draft --valid-until 2099-12-31 --sign-with acme.pem \
                   --log-key led-keys/log.pem --out out",
    );
    for verb in [CHECKPOINT, publish] {
        desk.pcf(verb)
            .refused(3, &["expected cosignatures of all of (w1, w2), got those of w1; w2: no answer from"]);
        assert_eq!(desk.size(), size, "nothing was appended");
        assert!(!desk.path("led/signed/checkpoint").exists(), "nothing was signed");
        assert!(!desk.path("out").exists(), "nothing was written");
    }
    desk.pcf("log checkpoint --sign-with led-keys/operator.pem").refused(2, &["log key"]);
    let out = desk.pcf(&format!("{publish} --without-witnesses")).ok();
    assert!(out.contains("NOT WITNESSED: no witness was asked"), "{out}");
    let mut files = fs::read_dir(desk.path("out")).unwrap().map(|entry| entry.unwrap().path());
    let proof = files.find(|path| path.extension().is_some_and(|e| e == "pcfproof")).unwrap();
    let key = desk.json("log key")["verifierKey"].as_str().unwrap().to_owned();
    let proof = proof.to_string_lossy().into_owned();
    let refused = desk.run(&["verify", &proof, "--key", &key, "--policy", "w.policy"]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.out.contains("split-view: expected cosignatures of all of (w1, w2), got those of none"),
        "{}",
        refused.out
    );
    // One witness is enough for the next policy.
    desk.write("w.policy", format!("{}quorum w1\n", line(1, &one)).as_bytes());
    desk.pcf("log policy w.policy").ok();
    let published = desk.json(&format!("{publish} --comment again"));
    assert_eq!(published["witnesses"]["cosigned"], serde_json::json!(["w1"]), "{published}");
    let proof = published["files"][0].as_str().unwrap();
    let verified = desk.run(&["verify", proof, "--key", &key, "--policy", "w.policy", "--details"]).ok();
    assert!(verified.contains("of the policy's witnesses w1 cosigned, and it asks for w1"), "{verified}");
}

#[test]
fn a_ledger_put_back_to_a_backup_learns_from_a_witness_that_it_signed_more() {
    let (one, known) = witness(1);
    let desk = desk(&format!("{}quorum w1\n", line(1, &one)));
    desk.pcf(CHECKPOINT).ok();
    let backup = tempfile::TempDir::new().unwrap();
    copy(&desk.path("led"), backup.path());
    let early = desk.size();
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    desk.pcf(CHECKPOINT).ok();
    let late = desk.size();
    // Yesterday's ledger, and the copy beside the key is lost too.
    fs::remove_dir_all(desk.path("led")).unwrap();
    copy(backup.path(), &desk.path("led"));
    fs::remove_file(desk.path("led-keys/log.pem.checkpoint")).unwrap();
    let sentence =
        format!("knows this log at size {late}, and the newest checkpoint signed here is of size {early}");
    desk.pcf(CHECKPOINT).refused(3, &[&sentence]);
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    desk.pcf(CHECKPOINT).refused(3, &[&sentence]);
    assert_eq!(known.lock().unwrap().size, late);
    // Another history of the size that the witness knows.
    known.lock().unwrap().size = early;
    let sentence = format!("knows another log of size {early} than the one that is here at size {early}");
    desk.pcf(CHECKPOINT).refused(3, &[&sentence]);
}

#[test]
fn a_witness_that_agrees_and_then_does_not_cosign_leaves_no_document() {
    let (one, known) = witness(1);
    let (patience, served) = (Arc::new(Mutex::new(1)), Arc::clone(&known));
    let left = Arc::clone(&patience);
    let client = Client::new(Duration::from_secs(5));
    // Passes on what the honest one says, as long as its patience lasts.
    let fickle = serve(move |body, stream| {
        let mut left = left.lock().unwrap();
        if *left == 0 {
            return reply(stream, 503, "text/plain", "tired\n");
        }
        let said = client.post(&format!("{one}/add-checkpoint"), body).unwrap();
        *left -= u32::from(said.status == 200);
        reply(stream, said.status, &said.content_type, &String::from_utf8(said.body).unwrap());
    });
    let desk = desk(&format!("{}quorum w1\n", line(1, &fickle)));
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    let publish = &moved(
        "publish Bottle --period 2024 --draft --valid-until 2099-12-31 --sign-with acme.pem --log-key led-keys/log.pem --out out",
    );
    let refused = desk.pcf(publish);
    assert_eq!(refused.code, 3, "{}", refused.err);
    for part in ["error: recorded and not published: no document was written", "503", "tired"] {
        assert!(refused.err.contains(part), "{}", refused.err);
    }
    assert!(!desk.path("out").exists());
    desk.pcf("log cosign").refused(3, &["503"]);
    *patience.lock().unwrap() = 9;
    desk.pcf("log cosign").ok();
    assert_eq!(served.lock().unwrap().size, desk.size());
    desk.pcf(publish).ok();
}

#[test]
fn a_place_is_proven_by_index_statement_and_footprint_and_a_receipt_is_about_what_was_signed() {
    let (one, _) = witness(1);
    let desk = desk(&format!("{}quorum w1\n", line(1, &one)));
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    let said = desk.json(&moved("publish Bottle --period 2024 --draft --valid-until 2099-12-31 --sign-with acme.pem --log-key led-keys/log.pem --out out"));
    let (footprint, statement) = (said["footprint"].as_str().unwrap(), said["statement"].as_str().unwrap());
    let index = said["index"].as_u64().unwrap();
    let by_id = desk.json(&format!("log prove {statement}"));
    let by_footprint = desk.json(&format!("log prove {footprint}"));
    let by_index = desk.json(&format!("log prove --index {index} --out a.tlog-proof"));
    assert_eq!(by_id, by_footprint);
    assert_eq!(by_id["tlogProof"], by_index["tlogProof"]);
    assert_eq!(
        fs::read_to_string(desk.path("a.tlog-proof")).unwrap(),
        by_index["tlogProof"].as_str().unwrap()
    );
    assert!(by_index["statement"].is_null() && by_index["pathInSeal"].is_null());
    assert_eq!(by_id["tlogProof"].as_str().unwrap().matches("\u{2014} ").count(), 2, "with the cosignature");
    desk.pcf("log prove --index 999").refused(1, &["there is none at index 999"]);
    desk.pcf("log prove").refused(2, &["<ID|UUID>"]);
    let receipt =
        |id: &str| desk.json(&format!("log receipt {id} --sign-with led-keys/log.pem --out a.cose"));
    assert_eq!(receipt(footprint)["subject"], format!("urn:uuid:{footprint}"));
    let made = receipt(statement);
    assert_eq!((&made["subject"], &made["index"]), (&statement.into(), &index.into()));
    let bytes = fs::read(desk.path("a.cose")).unwrap();
    assert_eq!(bytes[..2], [0xD2, 0x84]);
    // Not yet signed, not yet received.
    desk.write(
        "factors.csv",
        fs::read_to_string(desk.path("factors.csv")).unwrap().replace("grid,", "grid2,").as_bytes(),
    );
    let added = desk.json("factor add factors.csv --sign-with acme.pem");
    let newest = added["submissions"][0]["statements"][0].as_str().unwrap();
    desk.pcf(&format!("log receipt {newest} --sign-with led-keys/log.pem --out b.cose"))
        .refused(1, &["not yet provable"]);
}

#[test]
fn an_answer_takes_bounded_time_and_room_and_leads_nowhere_else() {
    let client = Client::new(Duration::from_millis(700));
    let silent = serve(|_, _| thread::sleep(Duration::from_secs(60)));
    assert!(client.post(&silent, "x").unwrap_err().contains("timeout"));
    // A byte at a time, for the better part of an hour.
    let dribbling = serve(|_, stream| {
        drop(stream.write_all(b"HTTP/1.1 200 x\r\ncontent-length: 60000\r\n\r\n"));
        while stream.write_all(b"a").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    assert!(client.post(&dribbling, "x").unwrap_err().contains("timeout"));
    let long = serve(|_, stream| reply(stream, 200, "text/plain", &"a".repeat(10 << 20)));
    assert_eq!(client.post(&long, "x").unwrap().body.len(), WITNESS_ANSWER_BYTES_MAX + 1);
    let (elsewhere, known) = witness(1);
    let leading = serve(move |_, stream| {
        drop(
            stream.write_all(
                format!(
                    "HTTP/1.1 307 x\r\nlocation: {elsewhere}/add-checkpoint\r\ncontent-length: 0\r\n\r\n"
                )
                .as_bytes(),
            ),
        );
    });
    assert_eq!(client.post(&leading, "x").unwrap().status, 307);
    assert_eq!(known.lock().unwrap().asked, 0);
    assert!(client.post(&dead(), "x").is_err());
    assert!(client.post("https://[", "x").is_err());
    assert!(client.post("file:///etc/passwd", "x").is_err());
    // TLS with a provider of its own: no panic where the other side speaks none.
    let plain = serve(|_, stream| reply(stream, 200, "", "")).replace("http:", "https:");
    assert!(client.post(&plain, "x").is_err());
}
