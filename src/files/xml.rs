//! XML as a stream of events, with a cap on all of it and on what stands between two tags: a
//! hostile part ends with a sentence before it fills the memory. It knows no format.

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// The most bytes between two tags, or inside one.
const PIECE_BYTES_MAX: u64 = 8 << 20;

/// A reader that stops at its caps.
struct Capped<R> {
    inner: R,
    left: u64,
    since_event: Rc<Cell<u64>>,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        let count = u64::try_from(read).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(count).ok_or_else(|| io::Error::other(TOO_LONG))?;
        self.since_event.set(self.since_event.get().saturating_add(count));
        if self.since_event.get() > PIECE_BYTES_MAX {
            return Err(io::Error::other("a text or a tag of it is longer than 8 MiB"));
        }
        Ok(read)
    }
}

const TOO_LONG: &str = "it is too large";

/// Why XML could not be read to its end.
pub(crate) enum XmlError {
    /// It has more bytes than its cap.
    TooLong,
    /// What is wrong with it.
    Damaged(String),
}

/// Shows every event of a part of at most `most` bytes; an empty element is a start and an end.
pub(crate) fn each_event(
    part: impl Read,
    most: u64,
    show: &mut dyn FnMut(&Event<'_>) -> Result<(), String>,
) -> Result<(), XmlError> {
    let since_event = Rc::new(Cell::new(0));
    let capped = Capped { inner: part, left: most, since_event: Rc::clone(&since_event) };
    let mut reader = Reader::from_reader(BufReader::with_capacity(64 << 10, capped));
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = true;
    let mut buffer = Vec::new();
    loop {
        since_event.set(0);
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return Ok(()),
            Ok(event) => show(&event).map_err(XmlError::Damaged)?,
            Err(quick_xml::Error::Io(error)) if error.to_string() == TOO_LONG => {
                return Err(XmlError::TooLong);
            }
            Err(error) => return Err(XmlError::Damaged(error.to_string())),
        }
    }
}

/// The value of an attribute, whatever the prefix of its name.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let found = attributes.with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The text that an event holds, where it holds any.
pub(crate) fn text(event: &Event<'_>, into: &mut String) {
    match event {
        Event::Text(text) => into.push_str(&text.xml10_content()),
        Event::CData(text) => into.push_str(&text.xml10_content()),
        Event::GeneralRef(entity) => {
            if let Ok(Some(c)) = entity.resolve_char_ref() {
                into.push(c);
            } else {
                into.push_str(match entity.xml10_content().as_ref() {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    "apos" => "'",
                    _ => "",
                });
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str, most: u64) -> Result<String, XmlError> {
        let mut all = String::new();
        each_event(xml.as_bytes(), most, &mut |event| {
            if let Event::Start(tag) = event {
                all.push_str(&format!("<{}>", attribute(tag, "id").unwrap_or_default()));
            }
            text(event, &mut all);
            Ok(())
        })
        .map(|()| all)
    }

    #[test]
    fn texts_and_attributes_are_read_with_their_entities() {
        let said = read(r#"<a x:id="1 &amp; 2">b &lt;&#233;<![CDATA[<c>]]><d/></a>"#, 1000);
        assert_eq!(said.ok().as_deref(), Some("<1 & 2>b <é<c><>"));
    }

    #[test]
    fn a_part_stops_at_its_caps() {
        assert!(matches!(read("<a>0123456789</a>", 10), Err(XmlError::TooLong)));
        let long = format!("<a>{}</a>", "x".repeat(9 << 20));
        assert!(matches!(read(&long, 1 << 30), Err(XmlError::Damaged(_))));
        assert!(matches!(read("<a><b></a>", 1000), Err(XmlError::Damaged(_))));
    }
}
