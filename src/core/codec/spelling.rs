//! Whether bytes are the compact JSON of a value, found without writing it: each part of the value is held against the bytes at hand. It
//! may say no for what it does not know (numbers, escapes, enums with data), and who asks then writes the value; it never says yes wrongly.

use std::fmt;

use serde::Serialize;
use serde::ser::{self, Impossible, Serializer};

use super::plain::{plain_len, starts_with_key};

/// True where `bytes` are the compact JSON of `value`. False proves nothing.
pub(super) fn is_spelling_of<T: Serialize>(value: &T, bytes: &[u8]) -> bool {
    let mut spelling = Spelling { rest: bytes };
    value.serialize(&mut spelling).is_ok() && spelling.rest.is_empty()
}

/// What of the bytes was not compared yet.
struct Spelling<'b> {
    rest: &'b [u8],
}

/// The bytes are others, or the value is of a kind that is not compared here.
#[derive(Debug)]
struct Other;

type Compared = Result<(), Other>;

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another spelling")
    }
}

impl std::error::Error for Other {}

impl ser::Error for Other {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'b> Spelling<'b> {
    fn byte(&mut self, byte: u8) -> Compared {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                Ok(())
            }
            _ => Err(Other),
        }
    }

    fn bytes(&mut self, bytes: &[u8]) -> Compared {
        self.rest = self.rest.strip_prefix(bytes).ok_or(Other)?;
        Ok(())
    }

    /// A string that needs no escape.
    fn text(&mut self, text: &str) -> Compared {
        self.byte(b'"')?;
        // What is the same as bytes that need no escape needs none.
        if plain_len(self.rest) != Some(text.len()) {
            return Err(Other);
        }
        self.bytes(text.as_bytes())?;
        self.byte(b'"')
    }

    fn open<'s>(&'s mut self, open: u8, close: u8) -> Result<Parts<'s, 'b>, Other> {
        self.byte(open)?;
        Ok(Parts { spelling: self, first: true, close })
    }
}

/// What is displayed is compared piece by piece, within a string.
impl fmt::Write for Spelling<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if plain_len(text.as_bytes()).is_some() {
            return Err(fmt::Error);
        }
        self.bytes(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

/// The inside of an object or an array.
struct Parts<'s, 'b> {
    spelling: &'s mut Spelling<'b>,
    first: bool,
    close: u8,
}

impl Parts<'_, '_> {
    fn comma(&mut self) -> Compared {
        if std::mem::take(&mut self.first) { Ok(()) } else { self.spelling.byte(b',') }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Compared {
        self.comma()?;
        value.serialize(&mut *self.spelling)
    }

    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Compared {
        self.comma()?;
        // No field of this project has a name that needs an escape.
        debug_assert!(plain_len(key.as_bytes()).is_none(), "{key}");
        if !starts_with_key(self.spelling.rest, key) {
            return Err(Other);
        }
        self.spelling.rest = self.spelling.rest.get(key.len() + 3..).unwrap_or_default();
        value.serialize(&mut *self.spelling)
    }

    fn close(self) -> Compared {
        self.spelling.byte(self.close)
    }
}

/// Methods for kinds of values that are not compared here.
macro_rules! unknown {
    ($($method:ident($kind:ty)),+) => {
        $(fn $method(self, _: $kind) -> Compared { Err(Other) })+
    };
}

impl<'s, 'b> Serializer for &'s mut Spelling<'b> {
    type Ok = ();
    type Error = Other;
    type SerializeSeq = Parts<'s, 'b>;
    type SerializeTuple = Parts<'s, 'b>;
    type SerializeTupleStruct = Impossible<(), Other>;
    type SerializeTupleVariant = Impossible<(), Other>;
    type SerializeMap = Parts<'s, 'b>;
    type SerializeStruct = Parts<'s, 'b>;
    type SerializeStructVariant = Impossible<(), Other>;

    unknown!(serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64));
    unknown!(serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64));
    unknown!(serialize_f32(f32), serialize_f64(f64), serialize_char(char), serialize_bytes(&[u8]));
    unknown!(serialize_unit_struct(&'static str));

    fn serialize_bool(self, value: bool) -> Compared {
        self.bytes(if value { b"true" } else { b"false" })
    }
    fn serialize_str(self, text: &str) -> Compared {
        self.text(text)
    }
    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Compared {
        self.byte(b'"')?;
        fmt::Write::write_fmt(self, format_args!("{value}")).map_err(|_| Other)?;
        self.byte(b'"')
    }
    fn serialize_none(self) -> Compared {
        Err(Other)
    }
    fn serialize_unit(self) -> Compared {
        Err(Other)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Compared {
        value.serialize(self)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Compared {
        self.text(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Compared {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Compared {
        Err(Other)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'s, 'b>, Other> {
        self.open(b'[', b']')
    }
    fn serialize_tuple(self, _: usize) -> Result<Parts<'s, 'b>, Other> {
        self.open(b'[', b']')
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'s, 'b>, Other> {
        self.open(b'{', b'}')
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'s, 'b>, Other> {
        self.open(b'{', b'}')
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Other> {
        Err(Other)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Other> {
        Err(Other)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Other> {
        Err(Other)
    }
}

impl ser::SerializeSeq for Parts<'_, '_> {
    type Ok = ();
    type Error = Other;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Compared {
        self.element(value)
    }
    fn end(self) -> Compared {
        self.close()
    }
}

impl ser::SerializeTuple for Parts<'_, '_> {
    type Ok = ();
    type Error = Other;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Compared {
        self.element(value)
    }
    fn end(self) -> Compared {
        self.close()
    }
}

impl ser::SerializeStruct for Parts<'_, '_> {
    type Ok = ();
    type Error = Other;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Compared {
        self.field(key, value)
    }
    fn end(self) -> Compared {
        self.close()
    }
}

impl ser::SerializeMap for Parts<'_, '_> {
    type Ok = ();
    type Error = Other;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Compared {
        // A key is a string, also where its value would not be written as one.
        match self.spelling.rest.get(usize::from(!self.first)) {
            Some(b'"') => self.element(key),
            _ => Err(Other),
        }
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Compared {
        self.spelling.byte(b':')?;
        value.serialize(&mut *self.spelling)
    }
    fn end(self) -> Compared {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Serialize)]
    struct Part {
        a: &'static str,
        b: Vec<&'static str>,
        c: Option<bool>,
        d: BTreeMap<&'static str, [&'static str; 2]>,
    }

    fn part(text: &'static str) -> Part {
        Part {
            a: text,
            b: vec!["x", text],
            c: Some(true),
            d: BTreeMap::from([("k", ["1", "2"]), ("l", ["", ""])]),
        }
    }

    #[test]
    fn it_says_yes_to_the_one_spelling_and_to_no_other_bytes() {
        for text in ["", "plain", "\u{661f}\u{7f}", "gr\u{fc}n"] {
            let (value, bytes) = (part(text), serde_json::to_vec(&part(text)).unwrap());
            assert!(is_spelling_of(&value, &bytes), "{text}");
            for at in 0..bytes.len() {
                let mut changed = bytes.clone();
                changed[at] ^= 1;
                assert!(!is_spelling_of(&value, &changed), "{text} byte {at}");
                assert!(!is_spelling_of(&value, &bytes[..at]), "{text} cut at {at}");
                changed.insert(at, b' ');
                assert!(!is_spelling_of(&value, &changed));
            }
            assert!(!is_spelling_of(&value, &[&bytes[..], b" "].concat()));
        }
    }

    #[test]
    fn what_is_displayed_in_pieces_is_compared_whole() {
        struct Shown(&'static str);
        impl Serialize for Shown {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&format_args!("{}..{}", self.0, 7))
            }
        }
        let bytes = br#""2025..7""#;
        assert!(is_spelling_of(&Shown("2025"), bytes));
        for at in 0..bytes.len() {
            let mut changed = *bytes;
            changed[at] ^= 1;
            assert!(!is_spelling_of(&Shown("2025"), &changed), "byte {at}");
            assert!(!is_spelling_of(&Shown("2025"), &bytes[..at]), "cut at {at}");
        }
        // What needs an escape is left to others, as it is in any string.
        for text in ["a\"b", "a\\b", "a\nb"] {
            assert!(!is_spelling_of(&Shown(text), format!("\"{text}..7\"").as_bytes()));
        }
    }

    #[test]
    fn what_needs_an_escape_or_is_a_number_it_leaves_to_others() {
        for text in ["a\"b", "a\\b", "a\nb", "\u{1}"] {
            let bytes = serde_json::to_vec(&part(text)).unwrap();
            assert!(!is_spelling_of(&part(text), &bytes));
            // Nor does it take the text as it is for what should have been escaped.
            assert!(!is_spelling_of(&text, format!("\"{text}\"").as_bytes()));
        }
        assert!(!is_spelling_of(&7_u32, b"7"));
        assert!(!is_spelling_of(&None::<u32>, b"null"));
        assert!(!is_spelling_of(&BTreeMap::from([(1_u32, "a")]), br#"{"1":"a"}"#));
    }
}
