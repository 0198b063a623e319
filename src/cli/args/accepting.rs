//! Findings that a publisher stands by, as they are typed or listed in a file.

use std::path::Path;

use pcf_files::accepted;
use pcf_ledger::model::Co2e;
use pcf_ledger::publish::Acceptance;
use pcf_ledger::publish::policy::POLICY_BYTES_MAX;

use crate::context::Context;
use crate::error::CliError;

/// The fewest characters of a finding's id that are taken.
const ID_CHARS_MIN: usize = 8;

/// Every finding that is typed, then every one of the file.
///
/// # Errors
/// One that cannot be read, with what was expected.
pub fn acceptances(
    typed: &[String],
    file: Option<&Path>,
    context: &Context,
) -> Result<Vec<Acceptance>, CliError> {
    let mut all = typed.iter().map(|text| of_text(text)).collect::<Result<Vec<_>, _>>()?;
    if let Some(path) = file {
        let bytes = context.load(path, POLICY_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
        let refuse = |problem: String| CliError::usage(problem).within(path.display());
        for row in accepted::read(&bytes).map_err(refuse)? {
            let taken = acceptance(&row.finding, &row.reason, &row.estimate_kg);
            all.push(taken.map_err(|problem| refuse(format!("row {}: {problem}", row.row)))?);
        }
    }
    Ok(all)
}

/// `ID='reason'` or `ID:KG='reason'`; the name of a rule stands for its findings.
fn of_text(text: &str) -> Result<Acceptance, CliError> {
    let expected = || {
        CliError::usage(format!(
            "--accept: expected ID='reason', RULE='reason' or ID:KG='reason', got `{text}`"
        ))
    };
    let (finding, reason) = text.split_once('=').ok_or_else(expected)?;
    let (finding, estimate) = match finding.split_once(':') {
        Some((finding, kg)) => (finding, kg),
        None => (finding, ""),
    };
    acceptance(finding, reason, estimate).map_err(|_| expected())
}

fn acceptance(finding: &str, reason: &str, estimate: &str) -> Result<Acceptance, String> {
    let is_rule = pcf_desk::publish::is_rule(finding);
    if !is_rule && (finding.len() < ID_CHARS_MIN || !finding.bytes().all(|b| b.is_ascii_hexdigit())) {
        return Err(format!(
            "expected at least {ID_CHARS_MIN} characters of a finding's id or the name of a rule, got `{finding}`"
        ));
    }
    let estimate = match estimate {
        "" => None,
        kg => Some(kg.parse::<Co2e>().map_err(|e| e.to_string())?),
    };
    let reason = reason.parse().map_err(|_| format!("expected a reason, got `{reason}`"))?;
    let finding = if is_rule { finding.to_owned() } else { finding.to_ascii_lowercase() };
    Ok(Acceptance { finding, estimate, reason })
}
