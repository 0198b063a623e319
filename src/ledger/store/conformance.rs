//! The suite that every store passes: the contract of [`Store`] as checks that can be run against any implementation.
//! It makes up its bytes and never looks at files.

use crate::codec::parts_of;
use crate::limits::{SEAL_BYTES, STATEMENT_BYTES_MAX, STATEMENTS_MAX, SUBMISSION_BYTES_MAX};
use crate::store::{
    AppendError, Body, Head, Position, Reader, Store, StoreError, StoredSubmission, Submission,
};

/// Makes the stores under test.
pub trait Factory {
    /// The store under test.
    type Store: Store;

    /// A new, empty store that holds only the genesis.
    ///
    /// # Errors
    ///
    /// Whatever the store answers.
    fn create(&mut self, ledger_id: [u8; 32], genesis: &Submission<'_>) -> Result<Self::Store, StoreError>;

    /// Closes the store and opens it again, as after the end of the process.
    ///
    /// # Errors
    ///
    /// Whatever the store answers.
    fn reopen(&mut self, store: Self::Store) -> Result<Self::Store, StoreError>;
}

/// A check that failed.
#[derive(Debug, thiserror::Error)]
#[error("the store breaks its contract: {check}: {detail}")]
pub struct Violation {
    /// Which check: a sentence about behaviour.
    pub check: &'static str,
    /// What was expected and what came.
    pub detail: String,
}

/// A submission with bytes of its own, for tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The seal's bytes.
    pub seal: [u8; SEAL_BYTES],
    /// The statements.
    pub statements: Vec<Vec<u8>>,
    /// The log's root with it.
    pub new_root: [u8; 32],
}

impl Sample {
    /// Sample number `number` (0 is the genesis) with `count` statements of different lengths.
    pub fn new(number: u8, count: u8) -> Sample {
        // Every second one has a body.
        let statement = |i: u8| {
            let len = 1 + usize::from(i) * 7 + usize::from(number);
            let mut text = vec![b'a' + (number.wrapping_mul(31) ^ i) % 26; len];
            if i % 2 == 1 {
                text.push(b'\n');
                text.extend(std::iter::repeat_n(b'A' + number % 26, len + 3));
            }
            text
        };
        Sample {
            seal: [number; SEAL_BYTES],
            statements: (0..count).map(statement).collect(),
            new_root: [number ^ 0xa5; 32],
        }
    }

    /// Calls `with` with the sample as a submission.
    pub fn with<T>(&self, with: impl FnOnce(&Submission<'_>) -> T) -> T {
        with_all(std::slice::from_ref(self), |group| match group {
            [submission, ..] => with(submission),
            [] => with(&Submission { seal: &self.seal, statements: &[], new_root: self.new_root }),
        })
    }
}

/// Calls `with` with the samples as a group.
pub fn with_all<T>(samples: &[Sample], with: impl FnOnce(&[Submission<'_>]) -> T) -> T {
    let statements: Vec<Vec<&[u8]>> =
        samples.iter().map(|sample| sample.statements.iter().map(Vec::as_slice).collect()).collect();
    let group: Vec<_> = samples
        .iter()
        .zip(&statements)
        .map(|(sample, statements)| Submission { seal: &sample.seal, statements, new_root: sample.new_root })
        .collect();
    with(&group)
}

/// Checks that `store` holds exactly `samples`, in order, read whole, read from every head and statement by statement. Statements that were
/// redacted are not among those of the samples.
///
/// # Errors
///
/// The first [`Violation`].
pub fn holds(store: &dyn Reader, samples: &[Sample]) -> Result<(), Violation> {
    const CHECK: &str = "what was appended is read again";
    let read = |from| {
        let submissions: Result<Vec<_>, _> = store.read(from).and_then(|submissions| submissions.collect());
        submissions.map_err(|e: StoreError| Violation { check: CHECK, detail: e.to_string() })
    };
    let all: Vec<StoredSubmission> = read(None)?;
    let found: Vec<Sample> = all
        .iter()
        .map(|s| {
            let whole = s.statements.iter().filter_map(Body::statement).map(<[u8]>::to_vec);
            Sample { seal: s.seal, statements: whole.collect(), new_root: s.new.root }
        })
        .collect();
    expect(CHECK, found.len(), samples.len())?;
    expect(CHECK, found == samples, true)?;
    let head = store.head().map_err(|e| Violation { check: CHECK, detail: e.to_string() })?;
    expect(CHECK, all.last().map(StoredSubmission::head), Some(head))?;
    for (index, submission) in (0_u64..).zip(&all) {
        expect("the index counts seals", (submission.index, submission.new.size), (index, index + 1))?;
        let later: Vec<_> = all.iter().filter(|other| other.index > index).cloned().collect();
        expect("reading from a head gives what follows it", read(Some(submission.end))? == later, true)?;
        expect("every statement has a position", submission.positions.len(), submission.statements.len())?;
        for (at, bytes) in submission.positions.iter().zip(&submission.statements) {
            let at = Position::from_bytes(at.to_bytes());
            expect(
                "a statement is read by its position",
                store.statement(at).ok().as_deref(),
                bytes.statement(),
            )?;
            expect("what lies there is read by its position", store.body(at).ok().as_ref(), Some(bytes))?;
        }
    }
    Ok(())
}

/// Runs all checks.
///
/// # Errors
///
/// The first [`Violation`].
pub fn run<F: Factory>(factory: &mut F) -> Result<(), Violation> {
    let failed = |check| move |e: StoreError| Violation { check, detail: e.to_string() };
    let mut samples = vec![Sample::new(0, 1)];
    let store = Sample::new(0, 1).with(|genesis| factory.create([7; 32], genesis));
    let mut store = store.map_err(failed("a store is created"))?;
    expect("the ledger id is kept", store.ledger_id(), [7; 32])?;
    holds(&store, &samples)?;
    for group in [vec![Sample::new(1, 3)], vec![Sample::new(2, 1), Sample::new(3, 5), Sample::new(4, 2)]] {
        append(&mut store, &group)?;
        samples.extend(group);
        holds(&store, &samples)?;
    }
    refusals(&mut store)?;
    holds(&store, &samples)?;
    staging(&mut store, &mut samples)?;
    holds(&store, &samples)?;
    redactions(&mut store, &mut samples)?;
    holds(&store, &samples)?;
    let mut store = factory.reopen(store).map_err(failed("a store is opened again"))?;
    expect("the ledger id is kept", store.ledger_id(), [7; 32])?;
    holds(&store, &samples)?;
    let group = [Sample::new(5, 2)];
    append(&mut store, &group)?;
    samples.extend(group);
    holds(&store, &samples)
}

/// Appends a group and checks the heads that come back.
fn append(store: &mut dyn Store, group: &[Sample]) -> Result<(), Violation> {
    const CHECK: &str = "an append returns the head after each submission";
    let failed = |e: String| Violation { check: CHECK, detail: e };
    let before = store.head().map_err(|e| failed(e.to_string()))?;
    let heads = with_all(group, |group| store.append(&before, group)).map_err(|e| failed(e.to_string()))?;
    let found: Vec<_> = heads.iter().map(|head| (head.size, head.root)).collect();
    let wanted: Vec<_> = (before.size + 1..).zip(group.iter().map(|sample| sample.new_root)).collect();
    expect(CHECK, found == wanted, true)?;
    let rising = heads.iter().try_fold(before, |last, head| (head.position > last.position).then_some(*head));
    expect("positions rise", rising, store.head().ok())?;
    placed(store, group, before, &heads)
}

/// Checks where the store says that it put the statements of a group that follows `before`.
fn placed(store: &dyn Store, group: &[Sample], before: Head, heads: &[Head]) -> Result<(), Violation> {
    const PLACED: &str = "the store knows where it put the statements";
    let mut from = before.position;
    for (sample, head) in group.iter().zip(heads) {
        let placed = sample.with(|submission| store.placed(submission, from, head));
        let stored = store.read(Some(from)).and_then(|mut submissions| submissions.next().transpose());
        let stored = stored.map_err(|e| Violation { check: PLACED, detail: e.to_string() })?;
        expect(PLACED, placed.ok(), stored.map(|submission| submission.positions))?;
        from = head.position;
    }
    Ok(())
}

/// Everything that must be refused, leaving the store as it was.
fn refusals(store: &mut dyn Store) -> Result<(), Violation> {
    let head = store.head().map_err(|e| Violation { check: "the head is read", detail: e.to_string() })?;
    let others = [
        Head { size: head.size - 1, ..head },
        Head { root: [0; 32], ..head },
        Head { position: Position { segment: 0, offset: 0 }, ..head },
    ];
    for other in others {
        let answer = Sample::new(9, 1).with(|s| store.append(&other, std::slice::from_ref(s)));
        let conflict = matches!(answer, Err(AppendError::Conflict { actual, .. }) if actual == head);
        expect("another head is a conflict", conflict, true)?;
    }
    let empty = store.append(&head, &[]);
    expect("an empty group changes nothing", matches!(empty, Ok(heads) if heads.is_empty()), true)?;
    let long = vec![0; STATEMENT_BYTES_MAX + 1];
    let most = usize::try_from(STATEMENTS_MAX).unwrap_or(usize::MAX); // OK because it is a small constant.
    let many: Vec<&[u8]> = vec![b"x"; most + 1];
    let whole = vec![0; STATEMENT_BYTES_MAX];
    let heavy: Vec<&[u8]> = vec![&whole; SUBMISSION_BYTES_MAX / STATEMENT_BYTES_MAX + 1];
    for statements in [&[][..], &[&b""[..]], &[&long], &many, &heavy] {
        let submission = Submission { seal: &[1; SEAL_BYTES], statements, new_root: [1; 32] };
        let good = Submission { seal: &[1; SEAL_BYTES], statements: &[b"x"], new_root: [1; 32] };
        let answer = store.append(&head, &[good, submission]);
        let refused = matches!(answer, Err(AppendError::Refused(StoreError::Limit { .. })));
        expect("a group with a submission out of range is refused whole", refused, true)?;
    }
    let at = Position { segment: u64::MAX, offset: 0 };
    expect("a place past the head is refused", store.statement(at).is_err(), true)?;
    expect("a place past the head is refused", store.read(Some(at)).is_err(), true)?;
    expect("refusals leave the head", store.head().ok(), Some(head))
}

/// What is staged is seen by nobody until it is appended as a whole, where a store can stage at all.
fn staging(store: &mut dyn Store, samples: &mut Vec<Sample>) -> Result<(), Violation> {
    const CHECK: &str = "what is staged is seen once it is appended, and then whole";
    let failed = |e: String| Violation { check: CHECK, detail: e };
    let stage = |store: &mut dyn Store, expected: &Head, group: &[Sample]| {
        with_all(group, |group| store.stage(expected, group)).map_err(|e| failed(e.to_string()))
    };
    let before = store.head().map_err(|e| failed(e.to_string()))?;
    let Some(heads) = stage(store, &before, &[Sample::new(6, 2)])? else { return Ok(()) };
    let last = heads.last().copied().ok_or_else(|| failed("no head of what was staged".into()))?;
    holds(store, samples)?;
    let other = with_all(&[Sample::new(7, 1)], |group| store.stage(&before, group));
    expect("staging goes on behind what is staged", is_conflict(&other), true)?;
    let other = store.append_staged(&before);
    expect("what is staged is appended whole", is_conflict(&other), true)?;
    append(store, &[Sample::new(7, 1)])?;
    samples.push(Sample::new(7, 1));
    holds(store, samples)?;
    let gone = store.append_staged(&last);
    expect("an append gives up what is staged", is_conflict(&gone), true)?;

    let before = store.head().map_err(|e| failed(e.to_string()))?;
    let (mut end, mut group, mut heads) = (before, Vec::new(), Vec::new());
    for part in [vec![Sample::new(8, 3), Sample::new(9, 1)], vec![Sample::new(10, 2)]] {
        heads.extend(stage(store, &end, &part)?.unwrap_or_default());
        end = heads.last().copied().unwrap_or(end);
        group.extend(part);
        holds(store, samples)?;
    }
    store.append_staged(&end).map_err(|e| failed(e.to_string()))?;
    expect(CHECK, store.head().ok(), Some(end))?;
    samples.extend(group.clone());
    holds(store, samples)?;
    placed(store, &group, before, &heads)
}

const fn is_conflict<T>(answer: &Result<T, AppendError>) -> bool {
    matches!(answer, Err(AppendError::Conflict { .. }))
}

/// One body is taken out and nothing else changes; what must be refused is.
fn redactions(store: &mut dyn Store, samples: &mut [Sample]) -> Result<(), Violation> {
    const CHECK: &str = "a redacted statement leaves its header and nothing of its body";
    let failed = |e: String| Violation { check: CHECK, detail: e };
    let read = |store: &dyn Store| {
        let submissions = store.read(None).and_then(|submissions| submissions.collect::<Result<Vec<_>, _>>());
        submissions.map_err(|e| failed(e.to_string()))
    };
    let (head, before) = (store.head().ok(), read(store)?);
    let mut wanted = before.clone();
    let place = wanted.iter_mut().enumerate().find(|(_, submission)| submission.statements.len() > 2);
    let (number, submission) = place.ok_or_else(|| failed("no submission of three".into()))?;
    let (Some(at), Some(body)) = (submission.positions.get(1), submission.statements.get_mut(1)) else {
        return Err(failed("no second statement".into()));
    };
    let at = *at;
    let behind = head.map(|head| head.position);
    let bare = submission.positions.first().copied();
    for nowhere in behind.into_iter().chain(bare).chain([Position { segment: u64::MAX, offset: 0 }]) {
        let answer = store.remove_body(nowhere);
        let refused = matches!(answer, Err(AppendError::Refused(StoreError::NoSuchPosition { .. })));
        expect("where no statement lies nothing is redacted", refused, true)?;
    }
    expect("refusals change nothing", read(store)? == before, true)?;
    for _again in 0..2 {
        store.remove_body(at).map_err(|e| failed(e.to_string()))?;
    }
    *body = Body::Removed(parts_of(body.text()).0.to_vec());
    expect(CHECK, store.body(at).ok().as_ref(), Some(&*body))?;
    let gone = matches!(store.statement(at), Err(StoreError::Removed { .. }));
    expect("a redacted statement cannot be read", gone, true)?;
    expect(CHECK, read(store)? == wanted, true)?;
    expect("a redaction leaves the head", store.head().ok(), head)?;
    if let Some(sample) = samples.get_mut(number) {
        sample.statements.remove(1);
    }
    Ok(())
}

fn expect<T: PartialEq + std::fmt::Debug>(check: &'static str, got: T, expected: T) -> Result<(), Violation> {
    if got == expected {
        return Ok(());
    }
    Err(Violation { check, detail: format!("expected {expected:?}, got {got:?}") })
}
