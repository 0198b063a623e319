//! The encodings that real files hold, told apart by their bytes and decoded as a stream. Text is decoded exactly or refused with a sentence; a file
//! that could mean two things is refused until its encoding is stated.

use std::io::{self, Read};
use std::str::FromStr;

use encoding_rs::{CoderResult, Decoder, DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use pcf_core::model::ValueError;

/// How the characters of a text are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// GB18030, and so GBK and GB 2312: what Chinese Excel writes as CSV.
    Gb18030,
    /// Windows-1252: what Western European Excel writes as CSV. Only read where it is stated.
    Windows1252,
}

impl FromStr for Encoding {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match text.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Ok(Self::Utf8),
            "utf-16" | "utf-16le" => Ok(Self::Utf16Le),
            "utf-16be" => Ok(Self::Utf16Be),
            "gb18030" | "gbk" | "gb2312" => Ok(Self::Gb18030),
            "windows-1252" | "latin-1" => Ok(Self::Windows1252),
            _ => {
                let expected = "one of utf-8, utf-16, utf-16be, gb18030, windows-1252";
                Err(ValueError::spelling("encoding", expected, text))
            }
        }
    }
}

impl Encoding {
    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
            Self::Gb18030 => "GB18030",
            Self::Windows1252 => "Windows-1252",
        }
    }

    fn decoder(self) -> Decoder {
        let encoding = match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Gb18030 => GB18030,
            Self::Windows1252 => WINDOWS_1252,
        };
        encoding.new_decoder_with_bom_removal()
    }

    /// What the first bytes of a file say: a byte-order mark, or zero bytes where text has none.
    pub(super) fn marked(start: &[u8]) -> Option<Self> {
        match start {
            [0xFF, 0xFE, ..] => Some(Self::Utf16Le),
            [0xFE, 0xFF, ..] => Some(Self::Utf16Be),
            [0xEF, 0xBB, 0xBF, ..] => Some(Self::Utf8),
            _ => None,
        }
    }
}

/// Bytes of a file as UTF-8, decoded on the way.
pub(super) struct Decoding<R> {
    inner: R,
    decoder: Decoder,
    encoding: Encoding,
    raw: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    /// True where the decoder gave out its last character.
    finished: bool,
    /// Text decoded for a buffer too small for one whole character.
    pending: Vec<u8>,
    /// Bytes taken from the file so far.
    pub(super) taken: u64,
}

const CHUNK: usize = 64 << 10;

/// Bytes that any one character fits in.
const ROOM: usize = 32;

impl<R: Read> Decoding<R> {
    pub(super) fn new(inner: R, encoding: Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.decoder(),
            encoding,
            raw: vec![0; CHUNK],
            start: 0,
            end: 0,
            ended: false,
            finished: false,
            pending: Vec::new(),
            taken: 0,
        }
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        // A decoder needs room for one whole character.
        if !self.pending.is_empty() || out.len() < ROOM {
            if self.pending.is_empty() {
                let mut room = [0; ROOM];
                let decoded = self.decode(&mut room)?;
                self.pending.extend_from_slice(room.get(..decoded).unwrap_or_default());
            }
            let count = self.pending.len().min(out.len());
            for (place, byte) in out.iter_mut().zip(self.pending.drain(..count)) {
                *place = byte;
            }
            return Ok(count);
        }
        self.decode(out)
    }
}

impl<R: Read> Decoding<R> {
    /// Decodes into a buffer of at least [`ROOM`] bytes.
    fn decode(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.finished {
            return Ok(0);
        }
        loop {
            if self.start == self.end && !self.ended {
                (self.start, self.end) = (0, self.inner.read(&mut self.raw)?);
                self.ended = self.end == 0;
            }
            let source = self.raw.get(self.start..self.end).unwrap_or_default();
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(source, out, self.ended);
            self.start += read;
            self.taken += u64::try_from(read).unwrap_or(0);
            match result {
                DecoderResult::Malformed(..) => {
                    self.finished = true;
                    let sentence =
                        format!("bytes that are not {} at offset {}", self.encoding.name(), self.taken);
                    return Err(io::Error::new(io::ErrorKind::InvalidData, sentence));
                }
                DecoderResult::InputEmpty if self.ended => {
                    self.finished = true;
                    return Ok(written);
                }
                _ if written > 0 => return Ok(written),
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
            }
        }
    }
}

/// How many characters outside ASCII are looked at to tell Chinese from Western European text.
const LOOKED_AT: usize = 20_000;

/// True where text decoded as GB18030 reads as Chinese: most characters come from the common set, and none stands alone between two
/// letters, as an accented letter of another encoding would.
#[derive(Default)]
pub(super) struct Chinese {
    characters: usize,
    rare: usize,
    lonely: usize,
    /// The characters before: whether a letter, and how many of another script in a row since.
    after_letter: bool,
    run: usize,
}

impl Chinese {
    pub(super) fn look(&mut self, text: &str) {
        for c in text.chars() {
            if self.characters > LOOKED_AT {
                return;
            }
            if c.is_ascii() {
                if self.run == 1 && self.after_letter && c.is_ascii_alphabetic() {
                    self.lonely += 1;
                }
                (self.run, self.after_letter) = (0, c.is_ascii_alphabetic());
                continue;
            }
            self.run += 1;
            self.characters += 1;
            self.rare += usize::from(!common(c));
        }
    }

    pub(super) const fn is_plausible(&self) -> bool {
        self.lonely == 0 && self.rare * 20 <= self.characters
    }
}

/// A character of GB 2312: both of its bytes are above 0xA0.
fn common(c: char) -> bool {
    // The encoder keeps room for a replacement it never writes here.
    let mut buffer = [0; 32];
    let mut text = [0; 4];
    let mut encoder = GB18030.new_encoder();
    let (result, _, written, _) = encoder.encode_from_utf8(c.encode_utf8(&mut text), &mut buffer, true);
    result == CoderResult::InputEmpty && written == 2 && buffer.iter().take(2).all(|b| *b >= 0xA1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_decoded_over_any_boundary_of_a_read() {
        struct OneByte<'a>(&'a [u8]);
        impl Read for OneByte<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
                out[0] = *first;
                self.0 = rest;
                Ok(1)
            }
        }
        let text = "产品,数量\n铝锭,12.5\n";
        let (gb, ..) = GB18030.encode(text);
        let utf16: Vec<u8> =
            [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        for (bytes, encoding) in
            [(text.as_bytes(), Encoding::Utf8), (&gb, Encoding::Gb18030), (&utf16, Encoding::Utf16Be)]
        {
            let mut out = String::new();
            Decoding::new(OneByte(bytes), encoding).read_to_string(&mut out).unwrap();
            assert_eq!(out, text, "{encoding:?}");
        }
        let broken = Decoding::new(&b"ab\xD6"[..], Encoding::Gb18030).read_to_end(&mut Vec::new());
        assert!(broken.unwrap_err().to_string().contains("are not GB18030"));
    }

    #[test]
    fn accented_letters_are_not_taken_for_chinese() {
        for (latin, chinese) in
            [("Größe,Menge", false), ("métal,élément", false), ("naïve café au lait", false)]
        {
            let (bytes, ..) = WINDOWS_1252.encode(latin);
            let mut look = Chinese::default();
            let decoded = GB18030.decode_without_bom_handling_and_without_replacement(&bytes);
            if let Some(text) = &decoded {
                look.look(text);
            }
            assert_eq!(decoded.is_some() && look.is_plausible(), chinese, "{latin}");
        }
        let mut look = Chinese::default();
        look.look("阶段,工序\n生产,压铸 A380\n镕");
        assert!(!look.is_plausible() || look.rare == 1);
        let mut look = Chinese::default();
        look.look("阶段,工序,产品,数量,单位,开始日期,结束日期\n生产,压铸 A380,一号车间");
        assert!(look.is_plausible());
    }
}
