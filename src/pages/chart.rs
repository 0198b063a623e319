//! The geometry of the stage bars, in whole tenths of a percent of the drawing's width. Owns lengths and places only: the drawing itself is
//! the template's, and no float takes part.

use pcf_core::model::Co2e;

/// Height of one row of the chart, in CSS pixels.
pub const ROW_PX: usize = 46;
const FULL: i128 = 1000;

/// One bar: a label, its value as read, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// The value, shortened.
    pub value: String,
    /// True below zero: the bar lies left of the zero line.
    pub is_negative: bool,
    /// True where the bar is drawn in the second colour.
    pub is_secondary: bool,
    /// Left end, 0 to 1000 thousandths of the width.
    pub start: u32,
    /// Length, 0 to 1000; at least 1 where the value is not zero, so that it can be seen.
    pub length: u32,
    /// Distance of the row from the top, in CSS pixels.
    pub top_px: usize,
}

/// All bars on one scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// The bars, in the order given.
    pub bars: Vec<Bar>,
    /// Place of the zero line, 0 to 1000.
    pub zero: u32,
    /// Height of the drawing, in CSS pixels.
    pub height_px: usize,
}

/// What a bar is drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// What it stands for.
    pub label: String,
    /// kg CO2e.
    pub mass: Co2e,
    /// True where the bar is drawn in the second colour.
    pub is_secondary: bool,
}

impl Chart {
    /// Places the bars on one linear scale that holds zero, the smallest and the largest value.
    pub fn new(measured: Vec<Measured>) -> Self {
        let least = measured.iter().map(|m| m.mass.quanta()).min().unwrap_or(0).min(0);
        let most = measured.iter().map(|m| m.mass.quanta()).max().unwrap_or(0).max(0);
        let span = most - least; // OK because masses are below 10^33; times 1000 stays far below i128's end.
        // Where both signs occur, each side keeps room for a bar that can be seen.
        let zero = scaled(-least, span).clamp(u32::from(least < 0), 1000 - u32::from(most > 0));
        let height_px = measured.len() * ROW_PX;
        let bars = measured.into_iter().enumerate().map(|(row, m)| bar(row, m, span, zero)).collect();
        Self { bars, zero, height_px }
    }
}

impl Chart {
    /// Place of the zero line, as SVG attributes take it.
    pub fn zero_percent(&self) -> String {
        percent(self.zero)
    }
}

impl Bar {
    /// Left end, as SVG attributes take it.
    pub fn start_percent(&self) -> String {
        percent(self.start)
    }

    /// Length, as SVG attributes take it.
    pub fn length_percent(&self) -> String {
        percent(self.length)
    }
}

fn bar(row: usize, measured: Measured, span: i128, zero: u32) -> Bar {
    let quanta = measured.mass.quanta();
    let is_negative = quanta < 0;
    let room = if is_negative { zero } else { 1000 - zero }; // OK because zero is at most 1000.
    let length = scaled(quanta.abs(), span).max(u32::from(quanta != 0)).min(room);
    Bar {
        value: super::shorten(measured.mass).text,
        label: measured.label,
        is_negative,
        is_secondary: measured.is_secondary,
        start: if is_negative { zero - length } else { zero }, // OK because length is at most zero here.
        length,
        top_px: row * ROW_PX,
    }
}

/// `part / span` in thousandths, rounded to the nearest; 0 where there is no span.
fn scaled(part: i128, span: i128) -> u32 {
    if span == 0 {
        return 0;
    }
    u32::try_from(((part * FULL + span / 2) / span).clamp(0, FULL)).unwrap_or_default() // OK because it is 0 to 1000.
}

/// Thousandths as the percentage that SVG attributes take: `125` is `12.5%`.
fn percent(thousandths: u32) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[&str]) -> Chart {
        let measured = |text: &&str| Measured {
            label: (*text).into(),
            mass: text.parse().unwrap(),
            is_secondary: false,
        };
        Chart::new(values.iter().map(measured).collect())
    }

    #[test]
    fn negative_bars_end_at_zero_and_positive_ones_begin_there() {
        let chart = chart(&["3", "-1", "0"]);
        assert_eq!(chart.zero, 250);
        let places: Vec<_> = chart.bars.iter().map(|b| (b.start, b.length, b.is_negative)).collect();
        assert_eq!(places, [(250, 750, false), (0, 250, true), (250, 0, false)]);
    }

    #[test]
    fn bars_stay_inside_the_drawing_whatever_the_values() {
        let extreme =
            ["999999999999999999", "-999999999999999999", "0.000000000000001", "-0.000000000000001"];
        for values in [&extreme[..], &extreme[1..], &extreme[..1], &["0"][..], &[][..], &extreme[3..]] {
            let chart = chart(values);
            assert!(chart.zero <= 1000);
            for bar in &chart.bars {
                assert!(bar.start + bar.length <= 1000, "{values:?}");
                assert_eq!(bar.is_negative, bar.length > 0 && bar.start < chart.zero, "{values:?}");
            }
        }
    }

    #[test]
    fn thousandths_are_written_as_a_percentage() {
        assert_eq!((percent(1000), percent(5), percent(0)), ("100.0%".into(), "0.5%".into(), "0.0%".into()));
    }
}
