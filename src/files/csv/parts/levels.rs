//! Which part of a parts list belongs to which assembly, by its levels or by its parents. It knows no quantities.

use std::collections::BTreeMap;

use super::LEVELS_MAX;
use crate::csv::Problems;
use crate::csv::table::Row;

/// For every row the row of the assembly it is a part of, by `level` or by `parent`.
pub(super) fn parents(rows: &[Row<'_>], problems: &mut Problems) -> Option<Vec<Option<usize>>> {
    let mut parents = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut by_part: BTreeMap<&str, usize> = BTreeMap::new();
    let mut right = true;
    let mut refuse = |line: u64, column: &str, sentence: String| {
        problems.push(line, column, sentence);
        right = false;
    };
    for (n, row) in rows.iter().enumerate() {
        let (level, parent) = (row.cell("level"), row.cell("parent"));
        if !parent.is_empty() && parent != row.cell("product") && parent != first_cell(rows, "product") {
            match by_part.get(parent) {
                Some(at) => parents.push(Some(*at)),
                None => {
                    refuse(
                        row.line,
                        "parent",
                        format!("no row above is the part `{parent}`; an assembly stands above its parts"),
                    );
                    parents.push(None);
                }
            }
        } else if level.is_empty() {
            parents.push(None);
        } else {
            let depth =
                level.trim_start_matches(['.', ' ']).parse::<usize>().ok().filter(|d| *d < LEVELS_MAX);
            let Some(depth) = depth else {
                refuse(row.line, "level", format!("expected a level such as 1, 2 or ..3, got `{level}`"));
                parents.push(None);
                continue;
            };
            while open.last().is_some_and(|(above, _)| *above >= depth) {
                open.pop();
            }
            let above = open.last().copied();
            let gapless = above.map_or(depth == top(rows), |(above, _)| depth == above + 1);
            if !gapless {
                let sentence = format!("level {depth} has no assembly of the level before it above");
                refuse(row.line, "level", sentence);
            }
            parents.push(above.map(|(_, at)| at));
            open.push((depth, n));
        }
        if by_part.insert(row.cell("part"), n).is_some()
            && rows.iter().any(|r| r.cell("parent") == row.cell("part"))
        {
            refuse(
                row.line,
                "part",
                format!("the assembly `{}` stands in two rows: give it once", row.cell("part")),
            );
        }
    }
    right.then_some(parents)
}

fn first_cell<'t>(rows: &[Row<'t>], column: &str) -> &'t str {
    rows.first().map_or("", |row| row.cell(column))
}

fn top(rows: &[Row<'_>]) -> usize {
    first_cell(rows, "level").trim_start_matches(['.', ' ']).parse().unwrap_or(0)
}
