//! How a workbook's parts belong together, by the rules of its container (ECMA-376 part 2):
//! relationships lead from the package to the workbook and from it to its sheets; ids have any
//! prefix, names of parts any case. Cells are not looked at here.

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::events::Event;
use zip::ZipArchive;

use super::kinds;
use super::parts::{PART_BYTES_MAX, PARTS_MAX, said};
use crate::xml::{attribute, each_event};

/// A sheet as the workbook lists it.
#[derive(Debug, Clone, Default)]
pub(super) struct Listed {
    /// The index of its part, where it is a worksheet that is there.
    pub(super) part: Option<usize>,
    /// Whether it is hidden.
    pub(super) hidden: bool,
}

/// A relationship: the end of its type, and the part that it leads to.
struct Relationship {
    id: String,
    kind: String,
    target: String,
}

/// The parts of a package, in lower case, each with its index.
pub(super) fn parts<R: Read + Seek>(zip: &ZipArchive<R>) -> Result<HashMap<String, usize>, String> {
    if zip.len() > PARTS_MAX {
        return Err(format!("expected at most {PARTS_MAX} parts of a workbook, got {}", zip.len()));
    }
    let mut names = Vec::with_capacity(zip.len());
    for name in zip.file_names() {
        let name = name.map_err(|e| format!("this is no workbook: {e}"))?;
        names.push(name.replace('\\', "/").trim_start_matches('/').to_lowercase());
    }
    if let Some(kind) = kinds::of_parts(&names) {
        return Err(format!("expected an Excel workbook (XLSX), got {kind}"));
    }
    let mut parts = HashMap::with_capacity(names.len());
    for (at, name) in names.into_iter().enumerate() {
        if let Some(twice) = parts.insert(name.clone(), at) {
            let _ = twice;
            return Err(format!("the workbook is damaged: its part {name} stands twice"));
        }
    }
    Ok(parts)
}

/// The sheets of a workbook, in its order.
pub(super) fn sheets<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    parts: &HashMap<String, usize>,
) -> Result<Vec<Listed>, String> {
    let main = relationships(zip, parts, "")?
        .into_iter()
        .find(|relationship| relationship.kind == "officeDocument")
        .map_or_else(|| "xl/workbook.xml".to_owned(), |relationship| relationship.target);
    let targets = relationships(zip, parts, &main)?;
    let mut listed = Vec::new();
    events(zip, parts, &main, &mut |event| {
        if let Event::Start(tag) = event
            && tag.local_name().as_ref() == "sheet"
        {
            let id = attribute(tag, "id").unwrap_or_default();
            let target = targets.iter().find(|target| target.id == id && target.kind == "worksheet");
            listed.push(Listed {
                part: target.and_then(|target| parts.get(&target.target).copied()),
                hidden: attribute(tag, "state").is_some_and(|state| state != "visible"),
            });
        }
        Ok(())
    })?;
    Ok(listed)
}

/// The relationships of a part, or of the package where the name is empty; none where it has none.
fn relationships<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    parts: &HashMap<String, usize>,
    of: &str,
) -> Result<Vec<Relationship>, String> {
    let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
    let place = format!("{folder}{}_rels/{name}.rels", if folder.is_empty() { "" } else { "/" });
    let mut found = Vec::new();
    events(zip, parts, &place, &mut |event| {
        if let Event::Start(tag) = event
            && tag.local_name().as_ref() == "Relationship"
        {
            let kind = attribute(tag, "Type").unwrap_or_default();
            let target = attribute(tag, "Target").unwrap_or_default();
            found.push(Relationship {
                id: attribute(tag, "Id").unwrap_or_default(),
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                target: resolved(folder, &target),
            });
        }
        Ok(())
    })?;
    Ok(found)
}

/// The name of a part that a relationship of a part in `folder` leads to, in lower case.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in target.split('/').filter(|step| !matches!(*step, "" | ".")) {
        if step == ".." {
            path.pop();
        } else {
            path.push(step);
        }
    }
    path.join("/").to_lowercase()
}

fn events<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    parts: &HashMap<String, usize>,
    place: &str,
    show: &mut dyn FnMut(&Event<'_>) -> Result<(), String>,
) -> Result<(), String> {
    let Some(at) = parts.get(place) else { return Ok(()) };
    let part = zip.by_index(*at).map_err(|e| format!("the workbook is damaged: {e}"))?;
    each_event(part, PART_BYTES_MAX, show).map_err(|error| said(error, PART_BYTES_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_found_from_where_it_is_named() {
        for (folder, target, part) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/XL/Worksheets/Sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("", "./xl/workbook.xml", "xl/workbook.xml"),
            ("a/b", "../c/d.xml", "a/c/d.xml"),
        ] {
            assert_eq!(resolved(folder, target), part);
        }
    }
}
