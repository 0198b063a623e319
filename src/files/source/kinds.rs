//! What a file is by its first bytes, whatever it is called: for files that hold no table, what to
//! do with them.

/// What cannot be read, by its first bytes, and what to do.
const OTHERS: &[(&[u8], &str)] = &[
    (
        b"\xD0\xCF\x11\xE0",
        "an old Excel workbook (XLS) or one with a password: save it as XLSX without a password",
    ),
    (b"PK\x03\x04", "an Excel workbook (XLSX) or another ZIP file"),
    (b"%PDF", "a PDF document: ask for the table as XLSX or CSV"),
    (b"\x89PNG", "a picture (PNG): type its numbers into a table and save that as XLSX"),
    (b"\xFF\xD8\xFF", "a picture (JPEG): type its numbers into a table and save that as XLSX"),
    (b"GIF8", "a picture (GIF): type its numbers into a table and save that as XLSX"),
    (b"\x1F\x8B", "a compressed file (GZIP): unpack it"),
    (b"7z\xBC\xAF\x27\x1C", "an archive (7z): unpack it"),
    (b"Rar!", "an archive (RAR): unpack it"),
    (b"{\\rtf", "a document (RTF): save its table as XLSX"),
    (b"PAR1", "a Parquet file: save it as CSV"),
    (b"ARROW1", "an Arrow file: save it as CSV"),
    (b"SQLite format 3", "a database (SQLite): save its table as CSV"),
    (b"ID;P", "a SYLK file: open it in a spreadsheet program and save it as XLSX"),
    (b"TABLE\r\n0,1", "a DIF file: open it in a spreadsheet program and save it as XLSX"),
    (b"TABLE\n0,1", "a DIF file: open it in a spreadsheet program and save it as XLSX"),
    (b"MIME-Version:", "a web archive (MHT): open it in a spreadsheet program and save it as XLSX"),
];

const WEB_PAGE: &str = "a web page, as some systems export one under the name of a workbook: open it in a spreadsheet program and save it as XLSX";

/// What a file is that begins so, and is no text of a table.
pub(crate) fn other(start: &[u8]) -> Option<&'static str> {
    if let Some((_, kind)) = OTHERS.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Some(kind);
    }
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    if text.starts_with(b"<?xml") {
        let holds = |sign: &[u8]| text.windows(sign.len()).any(|part| part == sign);
        return Some(if holds(b"Excel.Sheet") || holds(b"office:spreadsheet") {
            "a workbook of Excel 2003 (XML): open it in a spreadsheet program and save it as XLSX"
        } else {
            "an XML document: save it as XLSX"
        });
    }
    if text.starts_with(b"[{") {
        return Some("a JSON array: write each object in a line of its own, without the brackets");
    }
    let tags: [&[u8]; 7] = [b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<body", b"<div"];
    let page =
        tags.iter().any(|tag| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag)));
    page.then_some(WEB_PAGE)
}

/// What a ZIP file is by the names of its parts, where it is no workbook that is read here.
#[cfg(feature = "xlsx")]
pub(super) fn of_parts(names: &[String]) -> Option<String> {
    let any = |wanted: &dyn Fn(&str) -> bool| names.iter().any(|name| wanted(name));
    let save = |kind: &str| Some(format!("{kind}: save it as XLSX"));
    if any(&|name| name.starts_with("xl/") && name.ends_with(".bin") && name.contains("workbook")) {
        return save("an Excel binary workbook (XLSB)");
    }
    if any(&|name| name.ends_with(".iwa")) || any(&|name| name == "index.zip") {
        return save("a workbook of Numbers");
    }
    if any(&|name| name == "content.xml") {
        return save("an OpenDocument file (ODS)");
    }
    if any(&|name| name.starts_with("word/")) {
        return save("a text document (DOCX)");
    }
    if any(&|name| name.starts_with("ppt/")) {
        return save("a presentation (PPTX)");
    }
    if any(&|name| name.starts_with("processes/")) {
        return Some("an openLCA package: pcf product import reads it".to_owned());
    }
    if any(&|name| name.ends_with("workbook.xml") || name == "_rels/.rels") {
        return None;
    }
    let held = names.iter().find(|name| !name.ends_with('/'));
    Some(match held {
        Some(held) => {
            format!("a ZIP file that holds {}: unpack it", held.chars().take(80).collect::<String>())
        }
        None => "an empty ZIP file".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_bytes() {
        for (start, says) in [
            (&b"\x89PNG\r\n"[..], "PNG"),
            (b"<table><tr>", "a web page"),
            (b"\xEF\xBB\xBF  <HTML>", "a web page"),
            (b"{\\rtf1", "RTF"),
            (b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>", "Excel 2003"),
            (b"ID;PWXL;N;E", "SYLK"),
            (b"[{\"stage\":", "a JSON array"),
        ] {
            assert!(other(start).unwrap().contains(says), "{says}");
        }
        assert_eq!(other(b"stage,process"), None);
        assert_eq!(other(b"<5 kg,1"), None);
    }

    #[cfg(feature = "xlsx")]
    #[test]
    fn a_zip_file_is_named_by_its_parts() {
        for (parts, says) in [
            (&["[content_types].xml", "xl/workbook.bin"][..], "XLSB"),
            (&["index/document.iwa"], "Numbers"),
            (&["mimetype", "content.xml"], "ODS"),
            (&["word/document.xml"], "DOCX"),
            (&["processes/1.json"], "openLCA"),
            (&["a.csv"], "holds a.csv: unpack it"),
            (&[], "empty"),
        ] {
            let names: Vec<String> = parts.iter().map(|name| (*name).to_owned()).collect();
            assert!(of_parts(&names).unwrap().contains(says), "{says}");
        }
        assert_eq!(of_parts(&["_rels/.rels".to_owned(), "xl/workbook.xml".to_owned()]), None);
    }
}
