//! A list of findings that a publisher stands by, as a table. Reads its cells; what they name is for
//! the caller.

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The row in the file, from 1.
    pub row: usize,
    /// The finding's id, or its first characters.
    pub finding: String,
    /// Why the figures stand.
    pub reason: String,
    /// What is left out, in kg CO2e per declared unit; may be empty.
    pub estimate_kg: String,
}

/// The columns; the last may be missing.
const COLUMNS: [&str; 3] = ["finding", "reason", "estimate_kg"];

/// Reads a file of separated values whose first row names its columns, in any order.
///
/// # Errors
/// A column that is missing or unknown, and rows that cannot be read.
///
/// ```
/// let rows = pcf_files::accepted::read(b"finding,reason\n912d3173ba11,founded in April\n")?;
/// assert_eq!((rows[0].row, rows[0].reason.as_str()), (2, "founded in April"));
/// assert!(pcf_files::accepted::read(b"finding,why\n").is_err());
/// # Ok::<(), String>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "expected a text in UTF-8".to_owned())?;
    let text = text.trim_start_matches('\u{feff}');
    // Spreadsheets of half of Europe part cells by semicolons.
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.contains(';') && !head.contains(',') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).delimiter(delimiter).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| e.to_string())?.clone();
    if let Some(unknown) = header.iter().find(|head| !COLUMNS.contains(head)) {
        return Err(format!("expected the columns {}, got `{unknown}`", COLUMNS.join(", ")));
    }
    let [finding, reason, estimate] = COLUMNS.map(|name| header.iter().position(|head| head == name));
    if finding.is_none() || reason.is_none() {
        return Err("expected the columns finding and reason in the first row".into());
    }
    let mut rows = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|e| e.to_string())?;
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default().to_owned();
        // OK because a file ends long before 2^64 rows; the first row has the names.
        rows.push(Row {
            row: at + 2,
            finding: cell(finding),
            reason: cell(reason),
            estimate_kg: cell(estimate),
        });
    }
    Ok(rows)
}
