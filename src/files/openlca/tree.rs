//! A document of an inventory as a tree of named elements, from XML or from JSON that spells XML
//! (`@` before attributes, `#text` for texts): formats that exist in both spellings are read by one
//! code. It knows no format.

use std::io::Read;

use quick_xml::events::Event;
use serde_json::Value;

use crate::xml::{XmlError, each_event, text};

/// The deepest element of a document.
const DEPTH_MAX: usize = 64;

/// An element.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Element {
    /// Its name without a prefix.
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    text: String,
}

impl Element {
    /// Reads XML of at most `most` bytes.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub(super) fn of_xml(from: impl Read, most: u64) -> Result<Self, String> {
        let mut open = vec![Self::default()];
        let read = each_event(from, most, &mut |event| {
            match event {
                Event::Start(tag) => {
                    let mut element = Self { name: tag.local_name().as_ref().to_owned(), ..Self::default() };
                    for attribute in tag.attributes().with_checks(false).flatten() {
                        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
                        let name = attribute.key.local_name().as_ref().to_owned();
                        element.attributes.push((name, value.map_err(|e| e.to_string())?.into_owned()));
                    }
                    open.push(element);
                    if open.len() > DEPTH_MAX {
                        return Err(format!("its elements are nested more than {DEPTH_MAX} deep"));
                    }
                }
                Event::End(_) => {
                    let done = open.pop();
                    if let (Some(done), Some(above)) = (done, open.last_mut()) {
                        above.children.push(done);
                    }
                }
                event => {
                    if let Some(last) = open.last_mut() {
                        text(event, &mut last.text);
                    }
                }
            }
            Ok(())
        });
        match read {
            Ok(()) if open.len() == 1 => Ok(open.pop().unwrap_or_default()),
            Ok(()) => Err("it ends before its elements do".to_owned()),
            Err(XmlError::TooLong) => Err(format!("it has more than {} MiB", most >> 20)),
            Err(XmlError::Damaged(what)) => Err(what),
        }
    }

    /// Reads JSON that spells XML.
    pub(super) fn of_json(value: &Value) -> Self {
        let mut root = Self::default();
        root.take("", value, 0);
        root
    }

    fn take(&mut self, key: &str, value: &Value, depth: usize) {
        if depth > DEPTH_MAX {
            return;
        }
        let plain = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Object(_) | Value::Array(_) | Value::Null => String::new(),
            other => other.to_string(),
        };
        let local = |key: &str| key.rsplit(':').next().unwrap_or_default().to_owned();
        if let Some(attribute) = key.strip_prefix('@') {
            self.attributes.push((local(attribute), plain(value)));
        } else if key == "#text" {
            self.text = plain(value);
        } else if let Value::Array(items) = value {
            items.iter().for_each(|item| self.take(key, item, depth + 1));
        } else if key.is_empty() {
            for (key, value) in value.as_object().into_iter().flatten() {
                self.take(key, value, depth + 1);
            }
        } else {
            let mut element = Self { name: local(key), text: plain(value), ..Self::default() };
            element.take("", value, depth + 1);
            self.children.push(element);
        }
    }

    /// The children of a name.
    pub(super) fn all<'e, 'n>(&'e self, name: &'n str) -> impl Iterator<Item = &'e Self> + use<'e, 'n> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first child at the end of a path of names.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.children.iter().find(|child| child.name == *name))
    }

    /// The text at the end of a path, in English where it stands in several languages; empty where
    /// there is none.
    pub(super) fn text_at(&self, path: &[&str]) -> &str {
        let Some((last, above)) = path.split_last() else { return self.text.trim() };
        let Some(parent) = self.at(above) else { return "" };
        let english = |element: &&Self| element.attribute("lang").is_some_and(|lang| lang.starts_with("en"));
        let found = parent.all(last).find(english).or_else(|| parent.all(last).next());
        found.map_or("", |element| element.text.trim())
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The name of the only element below a document.
    pub(super) fn kind(&self) -> &str {
        self.children.first().map_or("", |child| child.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_and_its_spelling_in_json_are_the_same_tree() {
        let xml = r#"<a:d x="1"><n xml:lang="de">Strom</n><n xml:lang="en">power &amp; heat</n><e/></a:d>"#;
        let tree = Element::of_xml(xml.as_bytes(), 1000).unwrap();
        assert_eq!((tree.kind(), tree.text_at(&["d", "n"])), ("d", "power & heat"));
        let json = serde_json::json!({"a:d": {"@x": "1", "n": [{"@xml:lang": "de", "#text": "Strom"},
            {"@xml:lang": "en", "#text": "power & heat"}], "e": ""}});
        let other = Element::of_json(&json);
        assert_eq!(other.text_at(&["d", "n"]), "power & heat");
        assert_eq!(other.at(&["d"]).and_then(|d| d.attribute("x")), Some("1"));
        assert_eq!(other.at(&["d"]).map(|d| d.all("n").count()), Some(2));
    }

    #[test]
    fn a_document_is_bounded_in_length_and_depth() {
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        assert!(Element::of_xml(deep.as_bytes(), 10_000).unwrap_err().contains("nested"));
        assert!(Element::of_xml(&b"<a>aaaaaaaaaaaa</a>"[..], 8).is_err());
        assert!(Element::of_xml(&b"<a><b></b>"[..], 100).is_err());
    }
}
