//! Layout of a frame and of the commit frame that closes a submission: encoding and checking, no file.

use crate::codec::parts_of;
use crate::limits::{SEAL_BYTES, STATEMENT_BYTES_MAX, wide};
use crate::store::error::Flaw;
use crate::store::fields::Fields;
use crate::store::{LogState, Submission};

/// Length u32, kind u8, CRC-32C u32.
pub(crate) const FRAME_HEADER_LEN: usize = 9;
/// Offset of the first frame, old size and root, new size and root, seal.
const COMMIT_BODY_LEN: usize = 8 + 40 + 40 + SEAL_BYTES;
/// A whole commit frame.
pub(crate) const COMMIT_FRAME_LEN: usize = FRAME_HEADER_LEN + COMMIT_BODY_LEN;

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The header of a statement.
    Header,
    Commit,
    /// The body of the header before it.
    Body,
    /// Zeros in the place of the body of the header before it.
    Removed,
}

impl Kind {
    fn code(self) -> u8 {
        match self {
            Kind::Header => 1,
            Kind::Commit => 2,
            Kind::Body => 3,
            Kind::Removed => 4,
        }
    }
}

/// The first nine bytes of a frame, their limits checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FrameHeader {
    pub(crate) kind: Kind,
    /// Length of the bytes that follow.
    pub(crate) len: usize,
    crc: u32,
}

impl FrameHeader {
    pub(crate) fn decode(bytes: &[u8]) -> Result<FrameHeader, Flaw> {
        let mut fields = Fields(bytes);
        let (Some(len), Some([code]), Some(crc)) = (fields.take_u32(), fields.take::<1>(), fields.take_u32())
        else {
            return Err(Flaw::new("9 bytes of frame header", format!("{} bytes", bytes.len())));
        };
        let kind = match code {
            1 => Kind::Header,
            2 => Kind::Commit,
            3 => Kind::Body,
            4 => Kind::Removed,
            other => return Err(Flaw::new("frame kind 1, 2, 3 or 4", other.to_string())),
        };
        let (min, max) = match kind {
            Kind::Commit => (COMMIT_BODY_LEN as u64, COMMIT_BODY_LEN as u64),
            Kind::Header | Kind::Body | Kind::Removed => (1, wide(STATEMENT_BYTES_MAX)),
        };
        if !(min..=max).contains(&u64::from(len)) {
            return Err(Flaw::new(format!("a frame of {min} to {max} bytes"), format!("length {len}")));
        }
        Ok(FrameHeader { kind, len: len as usize, crc }) // OK because len is at most 1 MiB
    }

    pub(crate) fn check(&self, body: &[u8]) -> Result<(), Flaw> {
        let len = u32::try_from(body.len()).map_err(|_| Flaw::new("a short frame", "a long one"))?;
        let crc = checksum(len, self.kind, body);
        if crc == self.crc {
            return Ok(());
        }
        Err(Flaw::new(format!("a frame with CRC-32C {:08x}", self.crc), format!("bytes with {crc:08x}")))
    }
}

fn checksum(len: u32, kind: Kind, body: &[u8]) -> u32 {
    let [a, b, c, d] = len.to_be_bytes();
    crc32c::crc32c_append(crc32c::crc32c(&[a, b, c, d, kind.code()]), body)
}

/// A whole frame in the place of a body of this length.
pub(crate) fn removed_frame(len: usize) -> Vec<u8> {
    let mut frame = Vec::with_capacity(FRAME_HEADER_LEN + len);
    put_frame(&mut frame, Kind::Removed, &vec![0; len]);
    frame
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "`Submission::check` allows at most 1 MiB, a commit is short"
)]
fn put_frame(out: &mut Vec<u8>, kind: Kind, body: &[u8]) {
    let len = body.len() as u32;
    out.extend_from_slice(&len.to_be_bytes());
    out.push(kind.code());
    out.extend_from_slice(&checksum(len, kind, body).to_be_bytes());
    out.extend_from_slice(body);
}

/// The body of a commit frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Commit {
    /// Offset, in the same segment, of the submission's first frame.
    pub(crate) first: u64,
    pub(crate) old: LogState,
    pub(crate) new: LogState,
    pub(crate) seal: [u8; SEAL_BYTES],
}

impl Commit {
    /// Reads a commit's body; the size must grow by exactly one.
    pub(crate) fn decode(body: &[u8]) -> Result<Commit, Flaw> {
        let mut fields = Fields(body);
        let state =
            |fields: &mut Fields<'_>| Some(LogState { size: fields.take_u64()?, root: fields.take()? });
        let first = fields.take_u64();
        let (old, new) = (state(&mut fields), state(&mut fields));
        let (Some(first), Some(old), Some(new), Some(seal), []) = (first, old, new, fields.take(), fields.0)
        else {
            return Err(Flaw::new(format!("a commit of {COMMIT_BODY_LEN} bytes"), format!("{}", body.len())));
        };
        if old.size.checked_add(1) != Some(new.size) {
            return Err(Flaw::new(
                format!("a commit from size {} to the next", old.size),
                format!("size {}", new.size),
            ));
        }
        Ok(Commit { first, old, new, seal })
    }

    fn encode(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(COMMIT_BODY_LEN);
        body.extend_from_slice(&self.first.to_be_bytes());
        for state in [&self.old, &self.new] {
            body.extend_from_slice(&state.size.to_be_bytes());
            body.extend_from_slice(&state.root);
        }
        body.extend_from_slice(&self.seal);
        body
    }

    /// Decodes a whole commit frame: header, CRC and body.
    pub(crate) fn decode_frame(frame: &[u8]) -> Result<Commit, Flaw> {
        let (header, body) = frame.split_at_checked(FRAME_HEADER_LEN).unwrap_or((frame, &[]));
        let header = FrameHeader::decode(header)?;
        if header.kind != Kind::Commit {
            return Err(Flaw::new("a commit frame", "a frame of another kind"));
        }
        header.check(body)?;
        Commit::decode(body)
    }
}

/// Length of a submission's frames on disk.
pub(crate) fn encoded_len(submission: &Submission<'_>) -> u64 {
    let frames: usize = submission.statements.iter().map(|text| frames_len(text)).sum();
    (frames + COMMIT_FRAME_LEN) as u64 // OK because usize has at most 64 bits
}

/// Length of the frames of one statement: one of its header, and one of its body where it has one.
fn frames_len(text: &[u8]) -> usize {
    let (header, body) = parts_of(text);
    FRAME_HEADER_LEN + header.len() + body.map_or(0, |body| FRAME_HEADER_LEN + body.len())
}

/// Where the statements' frames begin in the segment in which the submission ends at `end`.
pub(crate) fn frame_offsets(submission: &Submission<'_>, end: u64) -> Vec<u64> {
    let mut at = end.saturating_sub(encoded_len(submission));
    let begin = |statement: &&[u8]| {
        let offset = at;
        at += frames_len(statement) as u64; // OK because usize has at most 64 bits
        offset
    };
    submission.statements.iter().map(begin).collect()
}

/// Puts the frames of `submission` behind `out`; its first frame will lie at offset `first` of its segment.
pub(crate) fn put_submission(
    out: &mut Vec<u8>,
    submission: &Submission<'_>,
    first: u64,
    old: LogState,
) -> LogState {
    let new = LogState { size: old.size.saturating_add(1), root: submission.new_root };
    for statement in submission.statements {
        let (header, body) = parts_of(statement);
        put_frame(out, Kind::Header, header);
        if let Some(body) = body {
            put_frame(out, Kind::Body, body);
        }
    }
    put_frame(out, Kind::Commit, &Commit { first, old, new, seal: *submission.seal }.encode());
    new
}
