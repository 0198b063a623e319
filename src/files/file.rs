//! Bytes of a file before anything is known of its kind: the size cap, and the encodings that are refused by name.

use std::io::Read;

use super::ExchangeError;

/// The most bytes of a file that is read: what a submission may hold.
pub const FILE_BYTES_MAX: u64 = 64 << 20;

/// Reads all of a file whose size is checked before, where `length` tells it, and while reading.
///
/// # Errors
/// [`ExchangeError::File`] where it cannot be read; [`ExchangeError::Unreadable`] where it has more than [`FILE_BYTES_MAX`] bytes.
pub fn read_whole(from: impl Read, length: Option<u64>, file: &str) -> Result<Vec<u8>, ExchangeError> {
    if let Some(length) = length.filter(|length| *length > FILE_BYTES_MAX) {
        return Err(ExchangeError::Unreadable { file: file.into(), sentence: too_long(length) });
    }
    let failed = |e: std::io::Error| ExchangeError::File { file: file.into(), cause: e.to_string() };
    let mut bytes = Vec::new();
    // A pipe tells no size, so the cap is held while reading too.
    from.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
    check_length(&bytes, file)?;
    Ok(bytes)
}

pub(super) fn too_long(bytes: u64) -> String {
    format!("expected at most {} MiB, got {bytes} bytes: split it into several files", FILE_BYTES_MAX >> 20)
}

fn check_length(bytes: &[u8], file: &str) -> Result<(), ExchangeError> {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if length > FILE_BYTES_MAX {
        return Err(ExchangeError::Unreadable { file: file.into(), sentence: too_long(length) });
    }
    Ok(())
}

/// The text of a file: UTF-8 with or without a byte-order mark.
pub(super) fn text<'a>(bytes: &'a [u8], file: &str) -> Result<&'a str, ExchangeError> {
    let refuse =
        |sentence: &str| Err(ExchangeError::Unreadable { file: file.into(), sentence: sentence.into() });
    check_length(bytes, file)?;
    let saving = "save it as \"CSV UTF-8\"";
    for (start, kind) in [
        (&b"\xFF\xFE"[..], "UTF-16 text"),
        (b"\xFE\xFF", "UTF-16 text"),
        (b"PK\x03\x04", "an Excel workbook (XLSX) or another ZIP file"),
        (b"\xD0\xCF\x11\xE0", "an old Excel workbook (XLS)"),
        (b"%PDF", "a PDF document"),
    ] {
        if bytes.starts_with(start) {
            return refuse(&format!("expected UTF-8 text, got {kind}: {saving}"));
        }
    }
    let marked = bytes.len();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).or_else(|e| {
        let line = bytes.iter().take(e.valid_up_to()).filter(|b| **b == b'\n').count() + 1;
        let value = bytes.get(e.valid_up_to()).copied().unwrap_or_default();
        refuse(&format!(
            "expected UTF-8 text, got the byte 0x{value:02X} at offset {} (line {line}), as in GB18030 or Latin-1 files: {saving}",
            e.valid_up_to() + marked - bytes.len()
        ))
    })?;
    if text.trim().is_empty() {
        return refuse("the file is empty");
    }
    if text.contains('\0') {
        return refuse(&format!("expected UTF-8 text, got zero bytes, as in UTF-16 files: {saving}"));
    }
    if text.contains('\r') && !text.contains('\n') {
        return refuse(&format!("the lines end in a carriage return alone: {saving}"));
    }
    Ok(text)
}
