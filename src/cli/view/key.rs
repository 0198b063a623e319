//! The text of the public half of a key.

use pcf_desk::keys::Shown;

use crate::output::{Page, Report};

impl Report for Shown {
    fn text(&self, page: &mut Page) {
        let mut pairs =
            vec![("key file", self.file.display().to_string()), ("public key", self.public_key.clone())];
        pairs.extend(self.verifier_key.clone().map(|key| ("verifier key", key)));
        page.pairs(&pairs);
    }
}
