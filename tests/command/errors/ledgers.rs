//! Catalogue cases: submissions, queries and signatures of a ledger.

use std::fs;

use pcf_ledger::ledger::{CheckpointSource, Ledger, LedgerError, Submission};
use pcf_ledger::model::StatementId;
use pcf_ledger::publish;
use pcf_ledger::store::fault::{Fault, FaultStore};
use pcf_testing::{ACME, LOG, OPERATOR, PUMP, actor, factor, fill, genesis, holder, key, submission};
use tempfile::TempDir;

use super::catalogue::Catalogue;
use super::publishing::order;

pub fn provoke(c: &mut Catalogue) {
    let dir = TempDir::new().unwrap();
    let mut ledger = Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    fill(&mut ledger);
    let id = *ledger.id().as_bytes();
    c.case(
        "a submission that the rules refuse",
        ledger.submit(&submission(id, ACME, &[factor("acme", "grid")])),
    );
    c.case("a statement that is not there", ledger.statement(&StatementId::from_bytes([9; 32])));
    c.case("the submission at index 99", ledger.submission(99).map(drop));
    c.case("a submission of no statements", Submission::sign(&key(ACME), id, 0, &[]));
    let text = submission(id, ACME, &[factor("acme", "steam")]).to_file().unwrap();
    c.case("a submission file that was cut off", Submission::from_file(&text.as_bytes()[..text.len() - 9]));
    c.case(
        "a submission file whose statement was changed",
        Submission::from_file(text.replace("0.5777", "0.5778").as_bytes()),
    );
    c.case("a checkpoint under the operator's key", ledger.sign_checkpoint(&key(OPERATOR), &[]));

    // A longer history was signed elsewhere.
    let mut longer = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    fill(&mut longer);
    longer.submit(&submission(id, ACME, &[factor("acme", "air")])).unwrap();
    let beside = dir.path().join("log.pem.checkpoint");
    longer.sign_checkpoint(&key(LOG), &[CheckpointSource { path: &beside }]).unwrap();
    let source = [CheckpointSource { path: &beside }];
    let theirs = longer.newest_signed(&source).unwrap().unwrap();
    c.case("cosignatures of a checkpoint that is not kept", ledger.keep_cosigned(&theirs, &[]));
    c.case("a ledger restored from a backup", ledger.sign_checkpoint(&key(LOG), &source));
    fs::write(&beside, "hello\n").unwrap();
    c.case("a checkpoint beside the key that is none", ledger.sign_checkpoint(&key(LOG), &source));
    let name = text.lines().next().unwrap().to_owned() + "\n";
    c.case("a submission file without statements", Submission::from_file(name.as_bytes()));
    fs::remove_file(&beside).unwrap();
    fs::create_dir(&beside).unwrap();
    c.case("a folder where the checkpoint should be", ledger.sign_checkpoint(&key(LOG), &source));
    drop(ledger);
    c.case("a folder without a ledger", Ledger::read(TempDir::new().unwrap().path()).map(drop));
    failing(c);
    rotten(c);
    damaged(c);
}

/// A byte of an activity changes on the disk while the ledger is open.
fn rotten(c: &mut Catalogue) {
    let dir = TempDir::new().unwrap();
    let mut ledger = Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    fill(&mut ledger);
    drop(ledger);
    let ledger = Ledger::read(dir.path()).unwrap();
    let path = dir.path().join("segments/000000");
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(6).rposition(|part| part == b"\"5000\"").unwrap();
    bytes[at + 1] = b'4';
    fs::write(&path, bytes).unwrap();
    let answer = ledger.inventory();
    if let Err(LedgerError::Inventory(inner)) = &answer {
        c.error("an activity whose bytes changed on the disk", &**inner);
    }
    c.case("an activity whose bytes changed on the disk", answer);
    let order = order(PUMP, "2025");
    c.case("a publication from such a ledger", publish::prepare(&ledger, &order).map(drop));
}

/// A write that fails half-way, and an index that cannot be made again.
fn failing(c: &mut Catalogue) {
    let memory = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    let id = *memory.id().as_bytes();
    let mut ledger = Ledger::over_store(FaultStore::new(memory.into_store(), 1, Fault::Lost)).unwrap();
    c.case(
        "a submission whose write fails",
        ledger.submit(&submission(id, OPERATOR, &[actor("acme", &[ACME])])),
    );
    let dir = TempDir::new().unwrap();
    drop(Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap());
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    fs::write(dir.path().join("index"), "").unwrap();
    c.case(
        "a file where the index should be, written to",
        Ledger::open(dir.path(), &holder()).and_then(|mut ledger| ledger.flush()),
    );
}

/// Frames and checksums are right; what they hold is no ledger.
fn damaged(c: &mut Catalogue) {
    use pcf_ledger::store::conformance::Sample;
    use pcf_ledger::store::memory::MemoryStore;
    let store = Sample::new(0, 1).with(|genesis| MemoryStore::new([7; 32], genesis)).unwrap();
    c.case("a store whose first seal is none", Ledger::over_store(store).map(drop));
}
