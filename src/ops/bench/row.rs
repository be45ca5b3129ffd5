//! What was measured, as people and programs read it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::words::{Key, Language, Sentence, key};

/// Which side of the bar is good.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sense {
    /// The more the better: rates.
    AtLeast,
    /// The less the better: costs, seconds, memory.
    AtMost,
}

/// One line of the table. What has no reference is compared with its bar as it is.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Row {
    /// Ours.
    pub ours: f64,
    /// The same work without us; none where the bar is absolute.
    pub reference: Option<f64>,
    /// Ours over the reference.
    pub ratio: Option<f64>,
    /// Of `ours` and `reference`.
    pub unit: &'static str,
    /// What must hold; none for a line that only explains another.
    pub bar: Option<f64>,
    /// What is aimed at.
    pub aim: Option<f64>,
    /// Which side of the bar is good.
    pub sense: Sense,
    /// Whether the bar holds.
    pub holds: bool,
}

impl Row {
    /// A line with a reference.
    pub fn ratio(ours: f64, reference: f64, unit: &'static str, sense: Sense, bar: f64, aim: f64) -> Self {
        let ratio = ours / reference;
        Self { ratio: Some(ratio), reference: Some(reference), ..Self::absolute(ours, unit, sense, bar, aim) }.judged()
    }

    /// A line whose bar is absolute.
    pub fn absolute(ours: f64, unit: &'static str, sense: Sense, bar: f64, aim: f64) -> Self {
        let (reference, ratio) = (None, None);
        Self { ours, reference, ratio, unit, bar: Some(bar), aim: Some(aim), sense, holds: true }.judged()
    }

    /// The same without a bar: it explains another line.
    #[must_use]
    pub fn informative(self) -> Self {
        Self { bar: None, aim: None, holds: true, ..self }
    }

    fn judged(mut self) -> Self {
        let measured = self.ratio.unwrap_or(self.ours);
        self.holds = self.bar.is_none_or(|bar| match self.sense {
            Sense::AtLeast => measured >= bar,
            Sense::AtMost => measured <= bar,
        });
        self
    }
}

/// All lines, by name.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Table(BTreeMap<String, Row>);

impl Table {
    pub(super) fn add(&mut self, name: impl Into<String>, row: Row) {
        self.0.insert(name.into(), row);
    }

    /// The lines.
    pub const fn rows(&self) -> &BTreeMap<String, Row> {
        &self.0
    }

    /// Whether every bar holds.
    pub fn holds(&self) -> bool {
        self.0.values().all(|row| row.holds)
    }

    /// The table, for a terminal.
    pub fn text(&self, language: Language) -> String {
        let word = |key: Key| Sentence::new(key).render(language);
        let heading = [
            key::BENCH_COLUMN_ROW,
            key::BENCH_COLUMN_OURS,
            key::BENCH_COLUMN_REFERENCE,
            key::BENCH_COLUMN_RATIO,
            key::BENCH_COLUMN_BAR,
            key::BENCH_COLUMN_HOLDS,
        ];
        let mut lines = vec![heading.map(word).to_vec()];
        for (name, row) in &self.0 {
            let sign = match row.sense {
                Sense::AtLeast => "≥",
                Sense::AtMost => "≤",
            };
            let holds = match (row.bar, row.holds) {
                (None, _) => String::new(),
                (Some(_), true) => word(key::BENCH_HOLDS),
                (Some(_), false) => word(key::BENCH_MISSES),
            };
            lines.push(vec![
                name.clone(),
                format!("{} {}", number(row.ours), row.unit),
                row.reference.map(|reference| format!("{} {}", number(reference), row.unit)).unwrap_or_default(),
                row.ratio.map(number).unwrap_or_default(),
                row.bar.map(|bar| format!("{sign} {}", number(bar))).unwrap_or_default(),
                holds,
            ]);
        }
        laid_out(&lines)
    }
}

fn number(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}

fn laid_out(lines: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for line in lines {
        widths.resize(widths.len().max(line.len()), 0);
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let lay = |line: &Vec<String>| {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    lines.iter().map(lay).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_must_reach_its_bar_and_a_cost_must_not_pass_it() {
        assert!(Row::ratio(20.0, 100.0, "/s", Sense::AtLeast, 0.2, 0.4).holds);
        assert!(!Row::ratio(19.0, 100.0, "/s", Sense::AtLeast, 0.2, 0.4).holds);
        assert!(Row::ratio(120.0, 10.0, "µs", Sense::AtMost, 12.0, 5.0).holds);
        assert!(!Row::ratio(121.0, 10.0, "µs", Sense::AtMost, 12.0, 5.0).holds);
        assert!(!Row::absolute(2.1, "s", Sense::AtMost, 2.0, 0.5).holds);
        assert!(Row::absolute(2.1, "s", Sense::AtMost, 2.0, 0.5).informative().holds);
    }

    #[test]
    fn programs_read_the_named_fields() {
        let mut table = Table::default();
        table.add("read-32", Row::ratio(2.0, 4.0, "/s", Sense::AtLeast, 0.2, 0.4));
        let json = serde_json::to_value(&table).unwrap();
        let row = &json["read-32"];
        assert_eq!((row["ratio"].as_f64(), row["holds"].as_bool()), (Some(0.5), Some(true)));
        assert_eq!((row["bar"].as_f64(), row["unit"].as_str()), (Some(0.2), Some("/s")));
    }
}
