//! Reads values from the compact JSON that this project writes, and from nothing else: no white space, no escapes, no numbers, no `null`.
//! Whatever it does not know it refuses without saying why; who asks then reads the slow way, which says where. It proves no spelling:
//! the value that it gives is held against the bytes afterwards.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, U64Deserializer};
use serde::de::{self, DeserializeSeed, Deserializer, Visitor};

use super::plain::{plain_len, starts_with_key};

/// The value that `text` holds; `None` proves nothing.
pub(super) fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Option<T> {
    let mut reader = Reader { text, at: 0, depth_left: DEPTH_MAX };
    let value = T::deserialize(&mut reader).ok()?;
    (reader.at == text.len()).then_some(value)
}

/// The deepest nesting that is read here; nothing that the project writes comes near. Without a bound a hostile text would take all of the stack.
const DEPTH_MAX: usize = 64;

struct Reader<'de> {
    text: &'de str,
    /// The first byte that was not read yet.
    at: usize,
    /// How many more objects and arrays may be opened within each other.
    depth_left: usize,
}

/// The text is something else, or of a kind that is not read here.
#[derive(Debug)]
struct Other;

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the compact form")
    }
}

impl std::error::Error for Other {}

impl de::Error for Other {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
    // Those below would make a text of what they were given first.
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
}

impl<'de> Reader<'de> {
    fn byte(&mut self, byte: u8) -> Result<(), Other> {
        if self.next_is(byte) { Ok(()) } else { Err(Other) }
    }

    /// Takes the next byte where it is this one, which is ASCII.
    fn next_is(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// A string that has no escape in it.
    fn text(&mut self) -> Result<&'de str, Other> {
        self.byte(b'"')?;
        let len = self.text.as_bytes().get(self.at..).and_then(plain_len).ok_or(Other)?;
        let end = self.at + len; // OK because it lies in the text
        let text = self.text.get(self.at..end).ok_or(Other)?;
        self.at = end;
        self.byte(b'"')?;
        Ok(text)
    }
}

/// The inside of an object or an array.
struct Parts<'r, 'de> {
    reader: &'r mut Reader<'de>,
    first: bool,
    closed: bool,
    close: u8,
}

impl Parts<'_, '_> {
    /// True before another part, false behind the last, whose closing byte is then taken.
    fn more(&mut self) -> Result<bool, Other> {
        if self.closed || self.reader.next_is(self.close) {
            self.closed = true;
            return Ok(false);
        }
        if !std::mem::take(&mut self.first) {
            self.reader.byte(b',')?;
        }
        Ok(true)
    }
}

impl<'de> de::SeqAccess<'de> for &mut Parts<'_, 'de> {
    type Error = Other;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Other> {
        if self.more()? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }
}

impl<'de> de::MapAccess<'de> for &mut Parts<'_, 'de> {
    type Error = Other;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Other> {
        if !self.more()? {
            return Ok(None);
        }
        let key = seed.deserialize(BorrowedStrDeserializer::new(self.reader.text()?))?;
        self.reader.byte(b':')?;
        Ok(Some(key))
    }
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Other> {
        seed.deserialize(&mut *self.reader)
    }
}

/// The inside of an object with the fields of a struct, in the order of the struct: any other order is not the compact form of this project.
/// So no key is looked for among all the names, and the field is named by its number.
struct Fields<'p, 'r, 'de> {
    parts: &'p mut Parts<'r, 'de>,
    /// The names of the fields that may still come, with the number of the first of them.
    left: &'static [&'static str],
    number: u64,
}

impl<'de> de::MapAccess<'de> for Fields<'_, '_, 'de> {
    type Error = Other;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Other> {
        if !self.parts.more()? {
            return Ok(None);
        }
        let rest = self.parts.reader.text.as_bytes().get(self.parts.reader.at..).unwrap_or_default();
        while let Some((name, left)) = self.left.split_first() {
            let number = self.number;
            (self.left, self.number) = (left, number + 1);
            if starts_with_key(rest, name) {
                self.parts.reader.at += name.len() + 3;
                return seed.deserialize(U64Deserializer::new(number)).map(Some);
            }
        }
        Err(Other)
    }
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Other> {
        seed.deserialize(&mut *self.parts.reader)
    }
}

impl<'de> Reader<'de> {
    /// Hands what lies between two bytes to `visit`, which takes all of it or fails.
    fn inside<V>(
        &mut self,
        [open, close]: [u8; 2],
        visit: impl FnOnce(&mut Parts<'_, 'de>) -> Result<V, Other>,
    ) -> Result<V, Other> {
        self.byte(open)?;
        self.depth_left = self.depth_left.checked_sub(1).ok_or(Other)?;
        let mut parts = Parts { reader: self, first: true, closed: false, close };
        let value = visit(&mut parts)?;
        if !parts.closed && parts.more()? {
            return Err(Other);
        }
        self.depth_left += 1;
        Ok(value)
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Other;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        match self.peek() {
            Some(b'"') => self.deserialize_str(visitor),
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            Some(b't' | b'f') => self.deserialize_bool(visitor),
            _ => Err(Other),
        }
    }
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        let value = self.peek() == Some(b't');
        let word = if value { "true" } else { "false" };
        let found = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        self.at += if found { word.len() } else { return Err(Other) };
        visitor.visit_bool(value)
    }
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        visitor.visit_borrowed_str(self.text()?)
    }
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        self.deserialize_str(visitor)
    }
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        self.deserialize_str(visitor)
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        visitor.visit_some(self) // what is absent has no key either
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Other> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        self.inside(*b"[]", |parts| visitor.visit_seq(parts))
    }
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Other> {
        self.deserialize_seq(visitor)
    }
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        self.inside(*b"{}", |parts| visitor.visit_map(parts))
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Other> {
        self.inside(*b"{}", |parts| visitor.visit_map(Fields { parts, left: names, number: 0 }))
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Other> {
        visitor.visit_enum(BorrowedStrDeserializer::new(self.text()?))
    }
    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Other> {
        Err(Other)
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple_struct
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Deserialize, PartialEq, Debug)]
    #[serde(deny_unknown_fields)]
    struct Part {
        a: Option<String>,
        #[serde(default)]
        b: Vec<bool>,
        #[serde(default)]
        c: BTreeMap<String, [String; 2]>,
    }

    #[test]
    fn it_reads_what_serde_json_reads_or_nothing() {
        let texts = [
            "{}",
            r#"{"a":"x"}"#,
            r#"{"a":"grün","b":[],"c":{}}"#,
            r#"{"b":[true,false],"c":{"k":["",""],"l":["1","2"]}}"#,
        ];
        for text in texts {
            assert_eq!(read::<Part>(text).unwrap(), serde_json::from_str(text).unwrap());
            for at in 0..text.len() {
                assert_eq!(text.get(..at).and_then(read::<Part>), None, "{text} cut at {at}");
                for byte in *b"\"\\,:[]{}x1 \n" {
                    let mut changed = text.as_bytes().to_vec();
                    changed[at] = byte;
                    let Ok(changed) = String::from_utf8(changed) else { continue };
                    let found = read::<Part>(&changed);
                    assert!(found.is_none() || found == serde_json::from_str(&changed).ok(), "{changed}");
                }
            }
        }
    }

    #[test]
    fn what_is_nested_without_end_is_refused_and_takes_no_stack() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            for (depth, read_here) in [(DEPTH_MAX, true), (DEPTH_MAX + 1, false), (200_000, false)] {
                let text = [&open.repeat(depth), "\"\"", &close.repeat(depth)].concat();
                assert_eq!(read::<serde_json::Value>(&text).is_some(), read_here, "{depth} times {open}");
            }
        }
    }

    #[test]
    fn what_the_project_does_not_write_is_left_to_others() {
        for text in [
            r#" {"a":"x"}"#,
            r#"{"a": "x"}"#,
            r#"{"a":"x"} "#,
            r#"{"a":"\u0078"}"#,
            r#"{"a":null}"#,
            r#"{"a":"x",}"#,
            r#"{,"a":"x"}"#,
            r#"{"a":"x","a":"x"}"#,
            r#"{"a":"x","z":"x"}"#,
            r#"{"b":[true,]}"#,
            r#"{"b":[true}"#,
            r#"{"c":{"k":["1","2","3"]}}"#,
            r#"{"c":{"k":["1"]}}"#,
            r#"{"a":1}"#,
            "{\"a\":\"tab\there\"}",
            // The fields of a struct have an order.
            r#"{"b":[],"a":"x"}"#,
        ] {
            assert_eq!(read::<Part>(text), None, "{text}");
        }
    }
}
