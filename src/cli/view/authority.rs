//! The text of the keys that a ledger rests on.

use pcf_desk::authority::{Replaced, Shown};

use crate::output::{Page, Report};

impl Report for Shown {
    fn text(&self, page: &mut Page) {
        let rows: Vec<Vec<String>> = self
            .keys
            .iter()
            .map(|line| {
                let revoked = line.revoked.map_or("-".into(), |index| index.to_string());
                vec![line.role.into(), line.key.to_string(), line.enrolled.to_string(), revoked]
            })
            .collect();
        page.table(&["role", "key", ">enrolled at", ">revoked from"], &rows);
        page.blank();
        page.pairs(&[("verifier key", self.verifier_key.clone())]);
    }
}

impl Report for Replaced {
    fn text(&self, page: &mut Page) {
        let named =
            [("operator", &self.operator_key), ("log", &self.log_key), ("recovery", &self.recovery_key)];
        let roles: Vec<&str> = named.iter().filter(|(_, key)| key.is_some()).map(|(role, _)| *role).collect();
        page.line(format!(
            "New {} key at index {}: it counts from index {} on, the earlier one until then",
            roles.join(" and "),
            self.index,
            self.index + 1
        ));
        if self.log_key.is_some() {
            page.line("Give whoever verifies the new verifier key, by another way than the proof:");
            page.line(format!("  {}", self.verifier_key));
        }
    }
}
