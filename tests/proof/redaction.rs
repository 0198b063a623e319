//! Only the operator may redact, only what has a body; the rest of such a ledger stays whole, provable and
//! auditable.

use std::path::Path;
use std::sync::Arc;

use pcf_ledger::admission::Said;
use pcf_ledger::audit::{self, Beside, Severity};
use pcf_ledger::calc;
use pcf_ledger::codec::{decode_draft, encode, encode_statement, parts_of};
use pcf_ledger::ledger::{Ledger, LedgerError, Options};
use pcf_ledger::merkle::LeafHashes as _;
use pcf_ledger::model::{Digest, Header, Statement, StatementId, StatementKind};
use pcf_ledger::proof::{Outcome, Proof, Verdict};
use pcf_ledger::publish::{self, Disclosure, PublishError};
use pcf_ledger::store::fault::{Fault, FaultMedium, FaultStore};
use pcf_ledger::store::file::{self, FileReader, FileStore};
use pcf_ledger::store::memory::MemoryStore;
use pcf_ledger::store::{Body, Reader, Store};
use pcf_testing::audits;
use pcf_testing::world;
use pcf_testing::{
    ACME, BOLT, OPERATOR, PUMP, SCREW, activity, asked, copy, factor, files, fill, genesis, holder, id, key,
    product, publication, seen, statement, submit, with, withdrawal,
};
use serde_json::{Value, json};

/// Words that stand nowhere but in the body that is to go.
const SECRET: &str = "Mr Smith, night shift";

fn secret() -> Statement {
    let flows = json!([{"name": SECRET, "kind": "energy", "amount": "70", "unit": "kWh", "factor": "grid", "data": "primary"}]);
    statement(with(activity("acme", &[SCREW]), "flows", flows))
}

/// As `fill`, with a second product that one activity makes, whose body is to go.
fn with_secret<S: Store>(ledger: &mut Ledger<S>) -> Statement {
    fill(ledger);
    submit(ledger, ACME, &[product("acme", &[SCREW], &["acme"])]);
    let said = secret();
    ledger.append(&key(ACME), 0, &[statement(beside()), said.clone()]).unwrap();
    said
}

/// A neighbour under the same seal.
fn beside() -> Value {
    with(activity("acme", &[PUMP]), "period", json!({"start": "2023-01-01", "end": "2024-01-01"}))
}

fn redact<S: Store>(ledger: &mut Ledger<S>, target: &StatementId) -> Result<StatementId, LedgerError> {
    let salt = pcf_testing::salt_of(9);
    let redaction = ledger.redaction(target, "names a person".parse().unwrap(), salt)?;
    Ok(ledger.redact(&key(OPERATOR), 0, redaction)?.ids[0])
}

/// A redaction as somebody writes it without asking the ledger.
fn by_hand(by: &str, target: &StatementId) -> Statement {
    statement(json!({"type": "redaction", "by": by, "statement": target, "reason": "r"}))
}

fn in_memory() -> (Ledger<MemoryStore>, StatementId) {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    let target = id(&with_secret(&mut ledger));
    (ledger, target)
}

fn created(dir: &Path) -> (Ledger<FileStore>, StatementId) {
    let mut ledger = Ledger::create(dir, genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    let target = id(&with_secret(&mut ledger));
    (ledger, target)
}

fn audited(dir: &Path) -> audit::Report {
    audits::of_directory(dir)
}

fn holds_text(dir: &Path) -> Vec<std::path::PathBuf> {
    let holds = |path: &std::path::PathBuf| {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            // A derived file that was merged into another one meanwhile holds nothing any more.
            Err(gone) if gone.kind() == std::io::ErrorKind::NotFound => return false,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes())
    };
    files(dir).into_iter().filter(holds).collect()
}

#[track_caller]
fn assert_finds(report: &audit::Report, check: &str, severity: Severity, words: &str) {
    let found = report
        .findings
        .iter()
        .any(|f| f.rule == check && f.severity == severity && f.sentence.contains(words));
    assert!(found, "no {severity:?} of {check} with `{words}`: {:?}", report.findings);
}

#[test]
fn the_body_goes_from_every_file_and_the_ledger_opens_and_holds() {
    let dir = tempfile::tempdir().unwrap();
    let (mut ledger, target) = created(dir.path());
    ledger.flush().unwrap();
    assert!(!holds_text(dir.path()).is_empty(), "the text was there");
    let before = ledger.book().entry(&target).unwrap().unwrap().1.into_owned();
    let leaves = |ledger: &Ledger<FileReader>, size: u64| -> Vec<_> {
        (0..size).map(|index| ledger.leaves().leaf(index).unwrap()).collect()
    };
    let size = ledger.size();
    let then = leaves(&Ledger::read(dir.path()).unwrap(), size);
    let by = redact(&mut ledger, &target).unwrap();
    ledger.flush().unwrap();
    assert_eq!(holds_text(dir.path()), Vec::<std::path::PathBuf>::new());
    let live = seen(ledger.book());
    drop(ledger);
    // Opened from the derived files, and without them, by a reader and by a writer.
    for derived in [true, false] {
        if !derived {
            for name in ["log", "index"] {
                std::fs::remove_dir_all(dir.path().join(name)).unwrap();
            }
        }
        let reader = Ledger::read(dir.path()).unwrap();
        assert_eq!(seen(reader.book()), live);
        assert_eq!(reader.book().entry(&target).unwrap().unwrap().1.into_owned(), before);
        assert_eq!(leaves(&reader, size), then);
        assert_eq!(reader.book().redaction_of(&target).unwrap().unwrap().by, by);
        let Said::Header(Header::Activity(header)) = reader.said(&target).unwrap() else {
            panic!("its header")
        };
        assert_eq!(header.process.as_str(), "assembly", "the header says all that it said");
        let gone = reader.statement(&target).unwrap_err();
        assert!(matches!(gone, LedgerError::Redacted { id, by: Some(found) } if (id, found) == (target, by)));
        let writer = Ledger::open(dir.path(), &holder()).unwrap();
        assert_eq!(seen(writer.book()), live);
    }
    let report = audited(dir.path());
    assert!(report.holds(), "{:?}", report.findings);
    assert_eq!((report.redacted, report.findings.len()), (1, 0));
    assert_eq!(holds_text(dir.path()), Vec::<std::path::PathBuf>::new());
}

#[test]
fn only_what_has_a_body_can_be_redacted() {
    let (mut ledger, target) = in_memory();
    let receipt = ledger.append(&key(OPERATOR), 0, &[statement(withdrawal("operator", &target))]).unwrap();
    let withdrawn = receipt.ids[0];
    let said = publication(&ledger, "acme", PUMP, 1);
    submit(&mut ledger, ACME, &[said]);
    let redaction = redact(&mut ledger, &target).unwrap();
    let mut refused = Vec::new();
    let all: Vec<_> = ledger.book().all_entries().map(|entry| entry.unwrap().into_owned()).collect();
    for entry in all {
        let kind = entry.kind;
        if kind.keeps_body(false).is_none() {
            continue;
        }
        let error = redact(&mut ledger, &entry.id).unwrap_err().to_string();
        let words = format!("a statement of type `{kind}` has no body that could go: ");
        assert!(error.contains(&words), "{error}");
        refused.push(kind);
        // Nor where somebody writes the statement by hand.
        let error =
            ledger.append(&key(OPERATOR), 0, &[by_hand("operator", &entry.id)]).unwrap_err().to_string();
        assert!(error.contains(&words), "{error}");
    }
    assert!(
        ledger.book().entry(&withdrawn).unwrap().is_some()
            && ledger.book().entry(&redaction).unwrap().is_some()
    );
    refused.sort();
    refused.dedup();
    use StatementKind as K;
    assert_eq!(refused, [K::Actor, K::Ledger, K::Product, K::Publication, K::Redaction, K::Withdrawal]);
    for kind in [K::Authority, K::Assurance, K::State] {
        assert!(kind.keeps_body(false).is_some());
    }
}

#[test]
fn a_redaction_is_the_operators_and_names_what_is_there_once() {
    let (mut ledger, target) = in_memory();
    let mut refused = |signer: u8, statements: &[Statement], words: &str| {
        let error = ledger.append(&key(signer), 0, statements).unwrap_err().to_string();
        assert!(error.contains(words), "expected `{words}`, got {error}");
    };
    refused(ACME, &[by_hand("operator", &target)], "is said by `operator`, but `acme` sealed it");
    let nothing = StatementId::from_bytes([3; 32]);
    refused(OPERATOR, &[by_hand("operator", &nothing)], "no such statement in the log before");
    let twice = [by_hand("operator", &target), by_hand("operator", &target)];
    refused(OPERATOR, &twice, "there is already a live redaction statement about this");
    let by_acme = encode(&json!({"by": "acme", "reason": "r", "salt": "AAECAwQFBgcICQoLDA0ODw",
        "statement": target, "type": "redaction", "v": "1"}));
    let error = decode_draft(&by_acme.unwrap()).unwrap_err().to_string();
    assert!(error.contains("redaction: is said by `operator`"), "{error}");
    let by = redact(&mut ledger, &target).unwrap();
    let again = redact(&mut ledger, &target).unwrap_err();
    assert!(matches!(again, LedgerError::Redacted { by: Some(found), .. } if found == by));
    let back = ledger.append(&key(OPERATOR), 0, &[statement(withdrawal("operator", &by))]).unwrap_err();
    assert!(back.to_string().contains("a redaction cannot be withdrawn"), "{back}");
}

#[test]
fn what_needs_the_text_says_so_and_everything_else_calculates() {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    let said = with_secret(&mut ledger);
    let target = id(&said);
    let earlier = json!({"start": "2024-01-01", "end": "2025-01-01"});
    submit(&mut ledger, ACME, &[with(activity("acme", &[SCREW]), "period", earlier)]);
    let figures = |ledger: &Ledger<MemoryStore>, product: &str, period: &str| {
        calc::footprint(&ledger.inventory().unwrap(), &product.parse().unwrap(), &asked(period))
            .map(|footprint| footprint.figures)
    };
    let (pump, before) = (figures(&ledger, PUMP, "2025").unwrap(), figures(&ledger, SCREW, "2024").unwrap());
    figures(&ledger, SCREW, "2025").unwrap();
    redact(&mut ledger, &target).unwrap();
    let errors = figures(&ledger, SCREW, "2025").unwrap_err();
    assert!(errors.are_redactions());
    let words_of = errors.to_string();
    for words in [&target.to_string(), SCREW, "assembly", "is redacted", "record it again in its place"] {
        assert!(words_of.contains(words), "{words_of}");
    }
    assert_eq!(figures(&ledger, PUMP, "2025").unwrap(), pump);
    assert_eq!(figures(&ledger, SCREW, "2024").unwrap(), before, "another period");
    let all = calc::footprints(&ledger.inventory().unwrap(), &asked("2025")).unwrap();
    assert!(all[&SCREW.parse().unwrap()].is_err() && all[&PUMP.parse().unwrap()].is_ok());
    let part = ledger.inventory_of(&[SCREW.parse().unwrap()]).unwrap();
    assert_eq!(part.redacted.activities.len(), 1);
    // The very same statement is in the log.
    let again = ledger.append(&key(ACME), 1, &[said]).unwrap_err().to_string();
    assert!(again.contains(&format!("statement {target} is already in the log")), "{again}");
    // Another one takes its place.
    let corrected = statement(with(activity("acme", &[SCREW]), "replaces", target));
    ledger.append(&key(ACME), 0, &[corrected]).unwrap();
    figures(&ledger, SCREW, "2025").unwrap();
}

#[test]
fn a_redacted_factor_or_supplier_document_stops_what_names_it_and_stays_its_owners() {
    let (mut ledger, _) = in_memory();
    let grid = ledger.book().factor(&"grid".parse().unwrap()).unwrap().unwrap().0;
    redact(&mut ledger, &grid).unwrap();
    let pump = |ledger: &Ledger<MemoryStore>| {
        calc::footprint(&ledger.inventory().unwrap(), &PUMP.parse().unwrap(), &asked("2025"))
    };
    for reopened in [false, true] {
        if reopened {
            ledger = Ledger::over_store(ledger.into_store()).unwrap();
        }
        let errors = pump(&ledger).unwrap_err();
        assert!(errors.are_redactions(), "{errors}");
        assert!(
            errors.to_string().contains(&format!("the factor grid is redacted (statement {grid})")),
            "{errors}"
        );
        let taken = ledger.append(&key(BOLT), 0, &[statement(factor("bolt", "grid"))]).unwrap_err();
        assert!(taken.to_string().contains("belongs to `acme`"), "{taken}");
        let again = ledger.append(&key(ACME), 0, &[statement(factor("acme", "grid"))]).unwrap_err();
        assert!(again.to_string().contains("already a live factor statement"), "{again}");
    }
    let instead = statement(with(factor("acme", "grid"), "replaces", grid));
    ledger.append(&key(ACME), 0, &[instead]).unwrap();
    pump(&ledger).unwrap();
}

/// Says of each statement with a body what its header gives away.
#[test]
fn a_header_holds_no_amount_flow_source_or_product_id_and_fixes_every_byte_of_its_body() {
    let document = include_str!("../vectors/pact/figures-1.json");
    let bytes = pcf_ledger::model::Document::new(document.as_bytes().to_vec()).unwrap().to_string();
    let digest = Digest::from_bytes(pcf_ledger::codec::digest::sha256(&[document.as_bytes()]));
    let (amounts, flows) = (["5000", "1000"], ["electricity", "grid", PUMP]);
    let cases = [
        (activity("acme", &[PUMP]), [&amounts[..], &flows[..]].concat()),
        (factor("acme", "grid"), vec!["0.5777", "a source", "kWh"]),
        (
            json!({"type": "annual", "by": "acme", "subject": "s", "year": "2025", "valueAdded": "4711", "directEmissions": "1234",
                "energy": {"amount": "77", "unit": "L"}, "output": {"amount": "88", "unit": "g"}}),
            vec!["4711", "1234", "\"77\"", "\"88\""],
        ),
        (
            json!({"type": "supplierFootprint", "by": "acme", "footprint": "12345678-9abc-def0-1234-567812345678",
                "document": bytes, "digest": digest}),
            vec![bytes.as_str(), "digest"],
        ),
    ];
    for (value, confidential) in cases {
        let text = encode_statement(&statement(value)).unwrap();
        let (header, Some(body)) = parts_of(&text) else { panic!("a header and a body") };
        let (header, body) = (std::str::from_utf8(header).unwrap(), std::str::from_utf8(body).unwrap());
        for part in confidential {
            assert!(body.contains(part) && !header.contains(part), "{part} in {header}");
        }
        assert!(body.contains("\"salt\"") && !header.contains("\"salt\""), "{header}");
        for at in 0..body.len() {
            let mut flipped = text.clone();
            flipped[header.len() + 1 + at] ^= 1;
            let error = pcf_ledger::codec::decode_statement(&flipped).unwrap_err().to_string();
            assert!(error.contains("expected the digest"), "byte {at}: {error}");
        }
    }
}

/// Every file operation of a redaction fails in turn, each way it can: whoever opens next finds it done or not begun, never half.
#[test]
fn whichever_change_of_the_disk_fails_a_redaction_is_carried_out_or_not_announced() {
    let base = tempfile::tempdir().unwrap();
    let (ledger, target) = created(base.path());
    drop(ledger);
    let options = |medium: Arc<FaultMedium>| Options {
        store: file::Options { segment_bytes_max: 4_000, medium },
        ..Options::default()
    };
    let with_faults = |dir: &Path, nth: u64, fault: Fault| {
        let medium = Arc::new(FaultMedium::new(nth, fault));
        let opened = Ledger::open_with(dir, &holder(), options(Arc::clone(&medium)));
        let answer = opened.and_then(|mut ledger| redact(&mut ledger, &target));
        (answer, medium.changes())
    };
    let counted = copied(base.path());
    let (answer, changes) = with_faults(counted.path(), 0, Fault::Lost);
    answer.unwrap();
    assert!(changes >= 9, "only {changes} changes");
    let (mut announced, mut carried_out) = (0, 0);
    for nth in 1..=changes {
        for fault in [Fault::Lost, Fault::Persisted, Fault::Torn] {
            let what = format!("change {nth} of {changes}, {fault:?}");
            let dir = copied(base.path());
            let (answer, _) = with_faults(dir.path(), nth, fault);
            assert!(answer.is_err(), "{what}: nobody heard of it");
            // Whoever reads meanwhile sees whole data.
            if let Ok(reader) = Ledger::read(dir.path()) {
                let said = reader.said(&target).unwrap();
                carried_out += usize::from(matches!(said, Said::Header(_)));
                assert!(
                    matches!(said, Said::Whole(_)) || reader.book().redaction_of(&target).unwrap().is_some(),
                    "{what}"
                );
            }
            let ledger = Ledger::open(dir.path(), &holder()).unwrap_or_else(|e| panic!("{what}: {e}"));
            let is_announced = ledger.book().redaction_of(&target).unwrap().is_some();
            announced += usize::from(is_announced);
            assert_eq!(matches!(ledger.said(&target).unwrap(), Said::Header(_)), is_announced, "{what}");
            assert_eq!(
                holds_text(dir.path()).is_empty(),
                is_announced,
                "{what}: {:?}",
                holds_text(dir.path())
            );
            drop(ledger);
            let left: Vec<_> = files(&dir.path().join("segments"));
            assert!(left.iter().all(|path| path.extension().is_none()), "{what}: {left:?}");
            let report = audited(dir.path());
            assert!(report.holds(), "{what}: {:?}", report.findings);
        }
    }
    assert!(announced > 15, "only {announced} were announced");
    assert!(carried_out > 1, "only {carried_out} were carried out before the ledger was opened again");
}

fn copied(from: &Path) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy(from, dir.path());
    dir
}

#[test]
fn a_store_that_fails_while_it_redacts_ends_the_writer_and_opening_finishes_it() {
    for (fault, done) in [(Fault::Lost, false), (Fault::Persisted, true), (Fault::Torn, false)] {
        let (ledger, target) = in_memory();
        let store = FaultStore::new(ledger.into_store(), 2, fault);
        let mut ledger = Ledger::over_store(store).unwrap();
        let error = redact(&mut ledger, &target).unwrap_err();
        assert!(error.to_string().contains("it is not known whether"), "{error}");
        let after =
            ledger.append(&key(OPERATOR), 0, &[statement(pcf_testing::actor("carl", &[40]))]).unwrap_err();
        assert!(after.to_string().contains("an earlier write failed"), "{after}");
        let mut ledger = Ledger::over_store(ledger.into_store().reopen()).unwrap();
        assert!(ledger.book().redaction_of(&target).unwrap().is_some(), "it was announced");
        assert_eq!(matches!(ledger.said(&target).unwrap(), Said::Header(_)), done);
        // Any later redaction finishes it too, and the log says of neither more than once.
        let grid = ledger.book().factor(&"grid".parse().unwrap()).unwrap().unwrap().0;
        redact(&mut ledger, &grid).unwrap();
        assert!(matches!(ledger.said(&target).unwrap(), Said::Header(_)));
        assert_eq!(ledger.book().redactions().unwrap().len(), 2);
    }
}

#[test]
fn a_reader_beside_a_redaction_sees_the_old_segment_or_the_new_one_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (mut ledger, target) = created(dir.path());
    let reader = file::FileReader::open(dir.path()).unwrap();
    let before: Vec<_> = reader.read(None).unwrap().map(Result::unwrap).collect();
    let half_read: Vec<_> = {
        let mut reading = reader.read(None).unwrap();
        let mut all = vec![reading.next().unwrap().unwrap()];
        redact(&mut ledger, &target).unwrap();
        all.extend(reading.map(Result::unwrap));
        all
    };
    assert_eq!(half_read, before, "what was begun goes on in the old file");
    submit(&mut ledger, ACME, &[factor("acme", "gas")]);
    let after: Vec<_> = reader.read(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(after.len() as u64, ledger.size(), "what is appended behind it is seen");
    let redacted = after.iter().flat_map(|s| &s.statements).filter(|b| matches!(b, Body::Removed(_))).count();
    assert_eq!(redacted, 1);
    let headers = |all: &[pcf_ledger::store::StoredSubmission]| {
        let header = |body: &Body| parts_of(body.text()).0.to_vec();
        all.iter().map(|s| (s.end, s.statements.iter().map(header).collect::<Vec<_>>())).collect::<Vec<_>>()
    };
    assert_eq!(headers(&after)[..before.len()], headers(&before), "every header is there, in its place");
}

#[test]
fn the_audit_says_what_it_could_not_calculate_again_and_what_is_still_to_be_taken_out() {
    let (mut ledger, target) = in_memory();
    let said = [publication(&ledger, "acme", SCREW, 1), publication(&ledger, "acme", PUMP, 2)];
    submit(&mut ledger, ACME, &said);
    let run = |store: &MemoryStore| audits::of(store, &Beside::default());
    let store = ledger.into_store();
    assert_eq!((run(&store).publications, run(&store).redacted), (2, 0));
    // Announced, and not carried out.
    let mut ledger = Ledger::over_store(FaultStore::new(store, 2, Fault::Lost)).unwrap();
    redact(&mut ledger, &target).unwrap_err();
    let report = audits::of(&ledger.into_store(), &Beside::default());
    assert!(!report.holds(), "who was told that the body is gone would be lied to");
    assert_eq!((report.publications, report.redacted), (2, 0));
    assert_finds(
        &report,
        "redactions",
        Severity::Stops,
        "announces its redaction, and its body is still there",
    );

    let (mut ledger, target) = in_memory();
    let said = [publication(&ledger, "acme", SCREW, 1), publication(&ledger, "acme", PUMP, 2)];
    submit(&mut ledger, ACME, &said);
    redact(&mut ledger, &target).unwrap();
    let report = run(&ledger.into_store());
    assert!(report.holds(), "{:?}", report.findings);
    assert_eq!((report.publications, report.redacted, report.statements), (1, 1, 12));
    assert_eq!(report.check("redactions").unwrap().looked_at, 1);
    assert_finds(
        &report,
        "publication-figures",
        Severity::Note,
        "not checked: what it rests on was redacted",
    );
    assert_eq!(report.document().redacted, 1);
}

#[test]
fn a_proof_that_was_given_out_verifies_and_a_new_one_says_what_it_cannot_show() {
    let mut world = world::World::new(1);
    let (id, used) = world.life();
    let checkpoint = world.ledger.sign_checkpoint(&world.log, &[]).unwrap();
    let Statement::Publication(body) = world.ledger.statement(&id).unwrap() else { unreachable!() };
    let parts = publish::gather(&world.ledger, &body.footprint, &checkpoint, &Disclosure::all()).unwrap();
    let earlier = Proof::new(parts).unwrap();
    assert_eq!(earlier.used().unwrap().all().count(), used.len());
    let activity =
        |id: &&StatementId| world.ledger.book().entry(id).unwrap().unwrap().1.kind == StatementKind::Activity;
    let target = **used.iter().filter(activity).collect::<Vec<_>>().first().unwrap();
    let redaction = world.ledger.redaction(&target, "r".parse().unwrap(), pcf_testing::salt_of(1)).unwrap();
    let operator = world::key_of(&world.operator);
    let by = world.ledger.redact(&operator, 0, redaction).unwrap().ids[0];

    assert_eq!(earlier.verify(&world.trust()).verdict(), Verdict::Holds);
    let checkpoint = world.ledger.sign_checkpoint(&world.log, &[]).unwrap();
    let again = publish::gather(&world.ledger, &body.footprint, &checkpoint, &Disclosure::all());
    assert!(matches!(again, Err(PublishError::Calc(errors)) if errors.are_redactions()));
    let parts = publish::gather_after(&world.ledger, &earlier, &checkpoint, &Disclosure::all()).unwrap();
    let later = Proof::new(parts).unwrap();
    assert_eq!(later.used(), earlier.used());
    let report = Proof::parse(&later.to_bytes().unwrap()).unwrap().verify(&world.trust());
    assert_eq!(report.verdict(), Verdict::Holds, "{report:?}");
    assert_eq!((report.used, report.disclosed), (used.len(), used.len() - 1), "its header is no disclosure");
    let figures = report.checks.iter().find(|check| check.name == "figures-recalculated").unwrap();
    let Outcome::NotChecked(why) = &figures.outcome else { panic!("{figures:?}") };
    for words in [
        "the bodies of 1 of 2 used activities are shown".to_owned(),
        format!("{target} was redacted by the operator, as {by} says"),
    ] {
        assert!(why.contains(&words), "{why}");
    }
    // A body that was taken out is not called withheld, also where others are.
    let withheld =
        publish::gather_after(&world.ledger, &earlier, &checkpoint, &Disclosure::default()).unwrap();
    let says_so =
        |placed: &pcf_ledger::proof::Placed| String::from_utf8_lossy(&placed.bytes).contains("redaction");
    assert!(withheld.statements.iter().any(says_so));
}

#[test]
fn a_suppliers_document_that_was_redacted_stops_what_names_it() {
    let document = include_str!("../vectors/pact/figures-1.json");
    let uuid = "12345678-9abc-def0-1234-567812345678";
    let (mut ledger, _) = in_memory();
    let digest = Digest::from_bytes(pcf_ledger::codec::digest::sha256(&[document.as_bytes()]));
    let bytes = pcf_ledger::model::Document::new(document.as_bytes().to_vec()).unwrap().to_string();
    let received = json!({"type": "supplierFootprint", "by": "acme", "footprint": uuid, "document": bytes, "digest": digest});
    submit(&mut ledger, ACME, &[received]);
    let target = ledger.book().live(StatementKind::SupplierFootprint, uuid).unwrap().unwrap();
    assert_eq!(ledger.inventory().unwrap().bought.len(), 1);
    redact(&mut ledger, &target).unwrap();
    let ledger = Ledger::over_store(ledger.into_store()).unwrap();
    let inventory = ledger.inventory().unwrap();
    assert_eq!((inventory.bought.len(), inventory.redacted.bought.len()), (0, 1));
    let report = audits::of(&ledger.into_store(), &Beside::default());
    assert!(report.holds(), "{:?}", report.findings);
}

#[test]
fn what_held_at_an_earlier_size_misses_what_was_redacted_since() {
    let (mut ledger, target) = in_memory();
    let (size, grid) = (ledger.size(), ledger.book().factor(&"grid".parse().unwrap()).unwrap().unwrap().0);
    let instead = statement(with(factor("acme", "grid"), "replaces", grid));
    ledger.append(&key(ACME), 0, &[instead, statement(withdrawal("acme", &target))]).unwrap();
    redact(&mut ledger, &target).unwrap();
    redact(&mut ledger, &grid).unwrap();
    let (now, then) = (ledger.inventory().unwrap(), ledger.everything_at(size).unwrap());
    assert_eq!((now.redacted.activities.len(), now.redacted.factors.len()), (0, 0), "neither holds any more");
    assert_eq!((then.redacted.activities.len(), then.redacted.factors.len()), (1, 1));
    for (inventory, stops) in [(&now, false), (&then, true)] {
        let answer = calc::footprint(inventory, &PUMP.parse().unwrap(), &asked("2025"));
        assert_eq!(answer.is_err(), stops);
    }
}
