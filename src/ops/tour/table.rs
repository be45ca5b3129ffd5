//! Cells beside one another, each folded within its column. Widths count characters: every text here is Latin.

use std::fmt;

/// A table of fixed columns; its first row is the head.
#[derive(Clone, Debug)]
pub struct Table {
    widths: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table whose columns are this wide.
    pub fn new(widths: &[usize]) -> Self {
        Self { widths: widths.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; cells beyond the columns are left out.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().take(self.widths.len()).collect());
    }

    fn rule(&self, formatter: &mut fmt::Formatter<'_>, [left, cross, right]: [char; 3]) -> fmt::Result {
        for (place, width) in self.widths.iter().enumerate() {
            let start = if place == 0 { left } else { cross };
            write!(formatter, "{start}{}", "─".repeat(width.saturating_add(2)))?;
        }
        writeln!(formatter, "{right}")
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule(formatter, ['┌', '┬', '┐'])?;
        for (place, row) in self.rows.iter().enumerate() {
            if place > 0 {
                self.rule(formatter, ['├', '┼', '┤'])?;
            }
            let folded: Vec<Vec<String>> =
                row.iter().zip(&self.widths).map(|(cell, width)| fold(cell, *width)).collect();
            for line in 0..folded.iter().map(Vec::len).max().unwrap_or(0) {
                for (column, width) in self.widths.iter().enumerate() {
                    let text = folded.get(column).and_then(|lines| lines.get(line)).map_or("", String::as_str);
                    write!(formatter, "│ {text:<width$} ")?;
                }
                writeln!(formatter, "│")?;
            }
        }
        self.rule(formatter, ['└', '┴', '┘'])
    }
}

/// A text in lines of at most `width` characters, broken between words where there are any.
fn fold(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let room = line.chars().count().saturating_add(1).saturating_add(word.chars().count());
        if !line.is_empty() && room > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for character in word.chars() {
            if line.chars().count() >= width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(character);
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_table_is_as_wide_as_the_others() {
        let mut table = Table::new(&[6, 4]);
        table.row(["très étroit".to_owned(), "anticonstitutionnellement".to_owned(), "de trop".to_owned()]);
        table.row(["un".to_owned()]);
        let text = table.to_string();
        let widths: Vec<usize> = text.lines().map(|line| line.chars().count()).collect();
        assert!(widths.iter().all(|width| *width == 17), "{text}");
        assert_eq!(fold("très étroit", 6), ["très", "étroit"]);
    }
}
