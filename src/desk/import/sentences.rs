//! Sentences about refused rows, of which a few are kept.

/// How many sentences about refused rows are printed; further ones are counted.
pub(super) const SENTENCES_MAX: usize = 50;

/// Sentences, of which a few are kept.
#[derive(Default)]
pub struct Sentences {
    list: Vec<String>,
    more: usize,
}

impl Sentences {
    /// Adds a sentence.
    pub fn push(&mut self, sentence: impl FnOnce() -> String) {
        if self.list.len() < SENTENCES_MAX { self.list.push(sentence()) } else { self.more += 1 }
    }

    /// True where there is none.
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them in one text, where there are any.
    pub fn joined(mut self) -> Option<String> {
        if self.more > 0 {
            self.list.push(format!("and {} more", self.more));
        }
        (!self.list.is_empty()).then(|| self.list.join("\n"))
    }
}
