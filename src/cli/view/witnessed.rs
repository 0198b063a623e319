//! The text of what the witnesses said.

use pcf_desk::publish::Witnessed;

use crate::output::Page;

/// One line of a report.
pub fn show(witnessed: &Witnessed, page: &mut Page) {
    let Witnessed { rule, cosigned, asked } = witnessed;
    if *asked {
        let names = if cosigned.is_empty() { "nobody".to_owned() } else { cosigned.join(", ") };
        page.sentence(format!("cosigned by {names}; the policy asks for {rule}"));
    } else {
        page.sentence(format!(
            "NOT WITNESSED: no witness was asked, and the policy asks for {rule}; pcf log cosign"
        ));
    }
}
