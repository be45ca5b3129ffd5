//! A table that is being read, and the Markdown that it becomes.

/// The rows so far. Tables inside it give their rows to it: Markdown has no tables in tables.
pub(super) struct Grid {
    rows: Vec<Vec<String>>,
    /// How many tables are open, this one included.
    open: usize,
}

/// What begins where a cell ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Next {
    Cell,
    Row,
}

impl Grid {
    pub(super) fn new() -> Self {
        Self { rows: Vec::new(), open: 1 }
    }

    /// A table inside this one begins.
    pub(super) fn open(&mut self) {
        self.open = self.open.saturating_add(1);
    }

    /// A table ends; whether it was the outermost.
    pub(super) fn close(&mut self) -> bool {
        self.open = self.open.saturating_sub(1);
        self.open == 0
    }

    /// Ends the open cell with these words.
    pub(super) fn cell(&mut self, words: &str, next: Next) {
        if !words.is_empty() {
            match self.rows.last_mut().and_then(|row| row.last_mut()) {
                Some(cell) => cell.push_str(words),
                None => self.rows.push(vec![words.to_owned()]),
            }
        }
        if next == Next::Row || self.rows.is_empty() {
            self.rows.push(Vec::new());
        }
        if let (Next::Cell, Some(row)) = (next, self.rows.last_mut()) {
            row.push(String::new());
        }
    }

    /// The first row is the head, as wide as the widest; shorter rows stay short.
    pub(super) fn markdown(&self) -> String {
        let told = |row: &&Vec<String>| row.iter().any(|cell| !cell.is_empty());
        let mut rows = self.rows.iter().filter(told);
        let Some(first) = rows.next() else { return String::new() };
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let missing = width.saturating_sub(first.len());
        let head: Vec<String> = first.iter().cloned().chain(std::iter::repeat_n(String::new(), missing)).collect();
        let mut out = lay(&head);
        out.push_str(&format!("|{}\n", " --- |".repeat(width)));
        for row in rows {
            out.push_str(&lay(row));
        }
        out
    }
}

fn lay(row: &[String]) -> String {
    format!("| {} |\n", row.join(" | "))
}
