//! What can be wrong with a value.

/// Why a value was refused. Both sides are in the message: what was expected and what was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The text is not the one accepted spelling of this kind of value.
    #[error("{what}: expected {expected}, got `{got}`")]
    Spelling {
        /// The kind of value, as a person would name it.
        what: &'static str,
        /// What would have been accepted.
        expected: &'static str,
        /// What was found, shortened to 80 characters.
        got: String,
    },
    /// The value is well spelled but outside the range this kind of value guarantees.
    #[error("{what}: expected {expected}, got {got}")]
    Range {
        /// The kind of value.
        what: &'static str,
        /// The guaranteed range.
        expected: &'static str,
        /// The value found.
        got: String,
    },
    /// Parts that are each right do not fit together.
    #[error("{what}: {problem}")]
    Combination {
        /// The thing whose parts do not fit.
        what: &'static str,
        /// What does not fit, with both sides.
        problem: String,
    },
    /// A result left the range that the exact arithmetic covers.
    #[error("{what}: the result is too large to be exact")]
    Overflow {
        /// The operation.
        what: &'static str,
    },
}

impl ValueError {
    /// A spelling error that quotes at most 80 characters of what was found.
    pub fn spelling(what: &'static str, expected: &'static str, got: &str) -> Self {
        Self::Spelling { what, expected, got: got.chars().take(80).collect() }
    }
}

/// Serialises a value as its text, parses it strictly from a JSON string, and describes it in JSON Schema.
///
/// The type must implement `Display` and `FromStr<Err = ValueError>`, and have one spelling. The last part, where it is given, hands that
/// spelling to a function without a detour over the formatter: every statement is written again wherever it is read.
macro_rules! text_value {
    ($ty:ty, $name:literal, $pattern:literal, $description:literal) => {
        $crate::model::error::text_value!($ty, $name, $pattern, $description, |value, serializer| serializer
            .collect_str(value));
    };
    ($ty:ty, $name:literal, $pattern:literal, $description:literal, |$value:ident, $serializer:ident| $write:expr) => {
        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, $serializer: S) -> Result<S::Ok, S::Error> {
                let $value = self;
                $write
            }
        }
        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $ty;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($description)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$ty, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Visitor)
            }
        }
        impl schemars::JsonSchema for $ty {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern, "description": $description })
            }
        }
    };
}
pub(crate) use text_value;

/// A closed list of words: one spelling each, in both directions, with the list in JSON Schema.
macro_rules! word_list {
    ($(#[$meta:meta])* $vis:vis enum $ty:ident as $what:literal, $expected:literal { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $ty { $($(#[$vmeta])* $variant,)+ }
        impl $ty {
            /// Every word of the list, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The one spelling.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
        impl std::fmt::Display for $ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl std::str::FromStr for $ty {
            type Err = $crate::model::ValueError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::model::ValueError::spelling($what, $expected, text)),
                }
            }
        }
        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $ty;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$ty, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Visitor)
            }
        }
        impl schemars::JsonSchema for $ty {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($ty).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($word),+], "description": $what })
            }
        }
    };
}
pub(crate) use word_list;

/// A type with one value, written as one word: the `type` of a statement or the version of a document.
macro_rules! constant_word {
    ($(#[$meta:meta])* $ty:ident = $word:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $ty;
        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($word)
            }
        }
        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $ty;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("`", $word, "`"))
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$ty, E> {
                        if text == $word { Ok($ty) } else {
                            Err(E::custom(format!(concat!("expected `", $word, "`, got `{}`"), text)))
                        }
                    }
                }
                deserializer.deserialize_str(Visitor)
            }
        }
        impl schemars::JsonSchema for $ty {
            fn inline_schema() -> bool { true }
            fn schema_name() -> std::borrow::Cow<'static, str> { stringify!($ty).into() }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "const": $word })
            }
        }
    };
}
pub(crate) use constant_word;
