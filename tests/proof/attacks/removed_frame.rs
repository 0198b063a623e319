//! Zeros stand in the place of a body that nobody announced to be gone, or something else than zeros stands
//! there.

use std::path::Path;

use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{StatementId, StatementKind};
use pcf_testing::{OPERATOR, audits, holder, submit};

use super::frames::{self, BODY, COMMIT, Frame, REMOVED};
use super::hall::{finds, newest, redaction};

fn removed(dir: &Path, target: &StatementId) -> (Vec<Frame>, usize) {
    let frames = frames::frames(&std::fs::read(dir.join("segments/000000")).unwrap());
    let at = frames::header_of(&frames, target) + 1;
    assert_eq!(frames[at].kind, REMOVED);
    (frames, at)
}

/// A closed ledger with a redacted activity, and the frames of before.
fn redacted() -> (tempfile::TempDir, StatementId, Vec<Frame>) {
    let (dir, honest) = frames::closed();
    let mut ledger = Ledger::open(dir.path(), &holder()).unwrap();
    let target = newest(&ledger, StatementKind::Activity);
    submit(&mut ledger, OPERATOR, &[redaction(&target)]);
    (dir, target, honest)
}

#[test]
fn a_frame_of_zeros_without_a_redaction_in_the_log_is_damage() {
    let (dir, mut frames) = frames::closed();
    let at = frames::newest(&frames, "activity") + 1;
    frames[at] = Frame::new(REMOVED, &vec![0; frames[at].bytes.len()]);
    frames::write(dir.path(), &frames);
    let report = audits::of_directory(dir.path());
    finds(&report, "redactions", "its body is gone, and no statement of the operator announces that");
    assert_eq!(report.redacted, 1);
    // Nor does it become one through whoever opens the ledger.
    drop(Ledger::open(dir.path(), &holder()).unwrap());
    finds(&audits::of_directory(dir.path()), "redactions", "no statement of the operator announces that");
}

#[test]
fn a_redaction_in_the_log_covers_its_own_statement_only() {
    let (dir, target, _) = redacted();
    let (mut frames, at) = removed(dir.path(), &target);
    let (kind, bytes): (Vec<u8>, _) = (frames.iter().map(|f| f.kind).collect(), frames[at].bytes.clone());
    assert!(bytes.iter().all(|byte| *byte == 0));
    let other = kind.iter().position(|kind| *kind == BODY).unwrap();
    frames[other] = Frame::new(REMOVED, &vec![0; frames[other].bytes.len()]);
    frames::write(dir.path(), &frames);
    let report = audits::of_directory(dir.path());
    finds(&report, "redactions", "no statement of the operator announces that");
    assert_eq!(report.check("redactions").unwrap().errors, 1);
}

#[test]
fn anything_but_zeros_in_the_place_of_a_body_is_damage() {
    for bent in [0, 1, 17, usize::MAX] {
        let bend = |all: &mut Vec<Frame>| {
            let at = frames::newest(all, "activity") + 1;
            let mut zeros = vec![0; all[at].bytes.len()];
            let last = zeros.len() - 1;
            zeros[bent.min(last)] = 1;
            all[at] = Frame::new(REMOVED, &zeros);
        };
        frames::refused(bend, "store", "zeros in the place of a body");
    }
    // The body itself, called removed.
    let called = |all: &mut Vec<Frame>| {
        let at = frames::newest(all, "activity") + 1;
        all[at].kind = REMOVED;
    };
    frames::refused(called, "store", "zeros in the place of a body");
}

#[test]
fn a_redaction_whose_body_is_still_there_fails_the_audit_and_opening_for_writing_ends_it() {
    let (dir, target, honest) = redacted();
    let (mut frames, at) = removed(dir.path(), &target);
    frames[at] = honest[frames::header_of(&honest, &target) + 1].clone();
    assert_eq!(frames[at].kind, BODY);
    frames::write(dir.path(), &frames);
    let report = audits::of_directory(dir.path());
    finds(&report, "redactions", "announces its redaction, and its body is still there");
    assert_eq!(report.redacted, 0);
    assert!(Ledger::read(dir.path()).unwrap().statement(&target).is_ok(), "a reader takes nothing out");
    drop(Ledger::open(dir.path(), &holder()).unwrap());
    let report = audits::of_directory(dir.path());
    assert!(report.holds(), "{:?}", report.findings);
    assert_eq!(report.redacted, 1);
}

#[test]
fn no_changed_byte_of_the_frames_of_a_redacted_statement_passes() {
    let (dir, target, _) = redacted();
    let path = dir.path().join("segments/000000");
    let whole = std::fs::read(&path).unwrap();
    let (frames, at) = removed(dir.path(), &target);
    let offset = |number: usize| 96 + frames[..number].iter().map(|f| 9 + f.bytes.len()).sum::<usize>();
    for frame in [at - 1, at] {
        for mend in [false, true] {
            for n in 0..9 + frames[frame].bytes.len() {
                if mend && (5..9).contains(&n) {
                    continue;
                }
                let mut bent = whole.clone();
                bent[offset(frame) + n] ^= 1;
                if mend {
                    mend_checksum(&mut bent, offset(frame));
                }
                std::fs::write(&path, &bent).unwrap();
                let report = audits::of_directory(dir.path());
                assert!(!report.holds(), "frame {frame}, byte {n}, checksum mended: {mend}");
            }
        }
    }
    assert_eq!(frames.last().unwrap().kind, COMMIT);
}

fn mend_checksum(segment: &mut [u8], at: usize) {
    let len = u32::from_be_bytes(segment[at..at + 4].try_into().unwrap()) as usize;
    let Some(body) = segment.get(at + 9..at + 9 + len) else { return };
    let crc = crc32c::crc32c_append(crc32c::crc32c(&segment[at..at + 5]), body);
    segment[at + 5..at + 9].copy_from_slice(&crc.to_be_bytes());
}
