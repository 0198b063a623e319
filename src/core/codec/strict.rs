//! A first pass over foreign JSON: refuses `null` and doubled keys and says where, because the readers behind it would take the one for
//! "absent" and could let the other overwrite a value.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::CodecError;

/// Reads JSON and refuses `null` and doubled keys. What lies at or below a path that `free` accepts may hold `null`.
///
/// # Errors
/// [`CodecError::Shape`] with the path inside the document, or the line and column of what is no JSON.
pub fn refuse_null_and_doubled_keys(bytes: &[u8], free: fn(&[String]) -> bool) -> Result<(), CodecError> {
    let mut path = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let walked = Walk { path: &mut path, free }.deserialize(&mut reader).and_then(|()| reader.end());
    walked.map_err(|e| {
        if e.is_data() {
            let problem = e.to_string();
            let problem = problem.rsplit_once(" at line ").map_or(problem.as_str(), |(text, _)| text);
            return CodecError::Shape { place: written(&path), problem: problem.to_owned() };
        }
        let place = format!("line {} column {}", e.line(), e.column());
        CodecError::Shape { place, problem: format!("this is not JSON: {e}") }
    })
}

/// A path as `pcf.dqi` or `extensions[0].data`.
fn written(path: &[String]) -> String {
    let text: String =
        path.iter().map(|p| if p.starts_with('[') { p.clone() } else { format!(".{p}") }).collect();
    let text = text.strip_prefix('.').unwrap_or(&text);
    if text.is_empty() { "the document".into() } else { text.into() }
}

struct Walk<'a> {
    path: &'a mut Vec<String>,
    free: fn(&[String]) -> bool,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if (self.free)(self.path) {
            return Ok(());
        }
        Err(E::custom("expected a value or no key at all, got null"))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        loop {
            self.path.push(format!("[{index}]"));
            if seq.next_element_seed(Walk { path: self.path, free: self.free })?.is_none() {
                self.path.pop();
                return Ok(());
            }
            self.path.pop();
            index += 1;
        }
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            self.path.push(key.clone());
            if !seen.insert(key) {
                return Err(A::Error::custom("the key stands twice"));
            }
            map.next_value_seed(Walk { path: self.path, free: self.free })?;
            self.path.pop();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        refuse_null_and_doubled_keys(text.as_bytes(), |_| false).unwrap_err().to_string()
    }

    #[test]
    fn null_and_doubled_keys_are_found_at_any_depth_and_located() {
        assert!(problem(r#"{"a":[1,{"b":null}]}"#).starts_with("at a[1].b: "), "{}", problem("null"));
        assert!(problem(r#"{"a":{"x":1,"x":1}}"#).starts_with("at a.x: the key stands twice"));
        assert!(problem("null").starts_with("at the document: "));
        assert!(problem("{").contains("line 1 column 1"), "{}", problem("{"));
        assert!(problem("{} {}").contains("not JSON"));
        let free = |path: &[String]| path.first().is_some_and(|p| p == "a");
        assert!(refuse_null_and_doubled_keys(br#"{"a":{"b":null}}"#, free).is_ok());
        assert!(refuse_null_and_doubled_keys(br#"{"c":null}"#, free).is_err());
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_crash() {
        assert!(problem(&"[".repeat(100_000)).contains("not JSON"));
    }
}
