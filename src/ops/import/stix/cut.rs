//! Cuts a bundle into its objects without parsing it: only strings, brackets
//! and commas are followed, one byte at a time, so that a bundle of any size
//! takes the memory of its largest admissible object.
//!
//! What is cut out is not yet JSON: a slice has balanced brackets and closed
//! strings, and the real parser judges it. A slice it refuses spoils that
//! object alone; the cutter stands already at the next.

use std::io::{self, Read};

use crate::limits::{IMPORT_OBJECT_BYTES_MAX, IMPORT_OBJECT_DEPTH_MAX, IMPORT_READ_BYTES};

/// Bytes kept of a property's name outside objects: enough to know `objects`.
const NAME_BYTES_MAX: usize = 64;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The elements of the list `objects` of a bundle, one after the other.
pub(super) struct Objects<R> {
    input: Input<R>,
    /// The slice last cut; its room is used again.
    slice: Vec<u8>,
    place: Position,
    seen_objects: bool,
}

/// One element of `objects`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Object<'a> {
    /// Bytes from the start of the file.
    pub(super) byte: u64,
    pub(super) content: Content<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Content<'a> {
    /// Balanced, closed, within limits; not yet known to be JSON.
    Whole(&'a [u8]),
    /// Beyond the limit of bytes; skipped without being kept.
    TooLarge,
    /// Beyond the limit of depth.
    TooDeep,
}

/// The end of a file that should have gone on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Break {
    /// Bytes from the start of the file.
    pub(super) byte: u64,
    pub(super) cause: Cause,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cause {
    /// The file ends inside the JSON, or a byte stands where it cannot.
    Broken,
    /// Sound so far as followed, but without a list `objects`.
    NotABundle,
    Unreadable(io::ErrorKind),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Position {
    Start,
    /// Between the properties of the bundle.
    Members(Comma),
    /// Between the elements of `objects`.
    Elements(Comma),
    End,
}

/// Whether a comma must stand before what comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Comma {
    First,
    Needed,
}

impl<R: Read> Objects<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { input: Input::new(reader), slice: Vec::new(), place: Position::Start, seen_objects: false }
    }

    /// Bytes taken from the file so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.input.byte
    }

    /// Bytes held in memory.
    #[cfg(test)]
    pub(super) fn bytes_held(&self) -> usize {
        self.slice.capacity().saturating_add(self.input.buffer.len())
    }

    /// The next object; nothing after the end, nor after a break.
    pub(super) fn next_object(&mut self) -> Option<Result<Object<'_>, Break>> {
        match self.cut() {
            Ok(None) => {
                self.place = Position::End;
                None
            }
            Ok(Some((byte, shape))) => {
                let content = match shape {
                    Shape::Fit => Content::Whole(&self.slice),
                    Shape::TooLarge => Content::TooLarge,
                    Shape::TooDeep => Content::TooDeep,
                };
                Some(Ok(Object { byte, content }))
            }
            Err(cause) => {
                self.place = Position::End;
                Some(Err(Break { byte: self.input.byte, cause }))
            }
        }
    }

    fn cut(&mut self) -> Result<Option<(u64, Shape)>, Cause> {
        loop {
            match self.place {
                Position::Start => self.enter_bundle()?,
                Position::Members(comma) => self.next_member(comma)?,
                Position::Elements(comma) => {
                    if let Some(found) = self.next_element(comma)? {
                        return Ok(Some(found));
                    }
                }
                Position::End => return Ok(None),
            }
        }
    }

    fn enter_bundle(&mut self) -> Result<(), Cause> {
        for mark in BYTE_ORDER_MARK {
            if self.input.peek()? == Some(*mark) {
                self.input.advance();
            }
        }
        self.input.skip_space()?;
        match self.input.peek()? {
            Some(b'{') => {
                self.input.advance();
                self.place = Position::Members(Comma::First);
                Ok(())
            }
            _ => Err(Cause::NotABundle),
        }
    }

    fn next_member(&mut self, comma: Comma) -> Result<(), Cause> {
        if self.input.ends_list(b'}', comma)? {
            self.input.skip_space()?;
            if self.input.peek()?.is_some() {
                return Err(Cause::Broken);
            }
            self.place = Position::End;
            return if self.seen_objects { Ok(()) } else { Err(Cause::NotABundle) };
        }
        if self.input.peek()? != Some(b'"') {
            return Err(Cause::Broken);
        }
        self.input.take_value(&mut self.slice, NAME_BYTES_MAX)?;
        let named_objects = serde_json::from_slice::<&str>(&self.slice).is_ok_and(|name| name == "objects");
        self.input.skip_space()?;
        self.input.expect(b':')?;
        self.input.skip_space()?;
        if named_objects && self.input.peek()? == Some(b'[') {
            self.input.advance();
            self.seen_objects = true;
            self.place = Position::Elements(Comma::First);
        } else {
            self.input.take_value(&mut self.slice, 0)?;
            self.place = Position::Members(Comma::Needed);
        }
        Ok(())
    }

    fn next_element(&mut self, comma: Comma) -> Result<Option<(u64, Shape)>, Cause> {
        if self.input.ends_list(b']', comma)? {
            self.place = Position::Members(Comma::Needed);
            return Ok(None);
        }
        let byte = self.input.byte;
        let shape = self.input.take_value(&mut self.slice, IMPORT_OBJECT_BYTES_MAX)?;
        self.place = Position::Elements(Comma::Needed);
        Ok(Some((byte, shape)))
    }
}

/// How a value was found to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shape {
    Fit,
    TooLarge,
    TooDeep,
}

/// Bytes of a reader, with one to look ahead.
struct Input<R> {
    reader: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    /// Bytes of the file before `start`.
    byte: u64,
}

impl<R: Read> Input<R> {
    fn new(reader: R) -> Self {
        Self { reader, buffer: vec![0; IMPORT_READ_BYTES].into(), start: 0, end: 0, byte: 0 }
    }

    /// What is read and not yet taken; empty only at the end of the file.
    fn ahead(&mut self) -> Result<&[u8], Cause> {
        while self.start >= self.end {
            match self.reader.read(&mut self.buffer) {
                Ok(0) => return Ok(&[]),
                Ok(count) => (self.start, self.end) = (0, count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Cause::Unreadable(error.kind())),
            }
        }
        Ok(self.buffer.get(self.start..self.end).unwrap_or_default())
    }

    fn peek(&mut self) -> Result<Option<u8>, Cause> {
        Ok(self.ahead()?.first().copied())
    }

    fn advance(&mut self) {
        self.advance_by(1);
    }

    fn advance_by(&mut self, count: usize) {
        self.start = self.start.saturating_add(count).min(self.end);
        self.byte = self.byte.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
    }

    fn skip_space(&mut self) -> Result<(), Cause> {
        while matches!(self.peek()?, Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.advance();
        }
        Ok(())
    }

    fn expect(&mut self, byte: u8) -> Result<(), Cause> {
        if self.peek()? != Some(byte) {
            return Err(Cause::Broken);
        }
        self.advance();
        Ok(())
    }

    /// Whether the list ends here; otherwise stands at the next value, past its comma.
    fn ends_list(&mut self, closing: u8, comma: Comma) -> Result<bool, Cause> {
        self.skip_space()?;
        if self.peek()? == Some(closing) {
            self.advance();
            return Ok(true);
        }
        if comma == Comma::Needed {
            self.expect(b',')?;
            self.skip_space()?;
        }
        match self.peek()? {
            None | Some(b']' | b'}' | b',' | b':') => Err(Cause::Broken),
            Some(_) => Ok(false),
        }
    }

    /// Takes one value into `kept`, or nothing of it when it is longer than `bytes_max`.
    fn take_value(&mut self, kept: &mut Vec<u8>, bytes_max: usize) -> Result<Shape, Cause> {
        kept.clear();
        kept.shrink_to(IMPORT_READ_BYTES);
        let mut scan = Scan::default();
        let mut shape = Shape::Fit;
        loop {
            let ahead = self.ahead()?;
            if ahead.is_empty() {
                return Err(Cause::Broken);
            }
            let (count, ended) = scan.run(ahead);
            let part = ahead.get(..count).unwrap_or_default();
            if shape == Shape::Fit && kept.len().saturating_add(part.len()) > bytes_max {
                shape = Shape::TooLarge;
                *kept = Vec::new();
            }
            if shape == Shape::Fit {
                kept.extend_from_slice(part);
            }
            self.advance_by(count);
            if ended {
                let too_deep = shape == Shape::Fit && scan.depth_max > IMPORT_OBJECT_DEPTH_MAX;
                return Ok(if too_deep { Shape::TooDeep } else { shape });
            }
        }
    }
}

/// Follows one value to its end.
#[derive(Default)]
struct Scan {
    depth: usize,
    depth_max: usize,
    text: Text,
}

#[derive(Default, PartialEq, Eq)]
enum Text {
    #[default]
    Outside,
    Inside,
    Escaped,
}

impl Scan {
    /// How many of the bytes belong to the value, and whether it ends with them.
    fn run(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (place, byte) in bytes.iter().enumerate() {
            match self.text {
                Text::Escaped => self.text = Text::Inside,
                Text::Inside => match byte {
                    b'\\' => self.text = Text::Escaped,
                    b'"' => {
                        self.text = Text::Outside;
                        if self.depth == 0 {
                            return (place.saturating_add(1), true);
                        }
                    }
                    _ => {}
                },
                Text::Outside => match byte {
                    b'"' => self.text = Text::Inside,
                    b'{' | b'[' => {
                        self.depth = self.depth.saturating_add(1);
                        self.depth_max = self.depth_max.max(self.depth);
                    }
                    b'}' | b']' if self.depth > 1 => self.depth = self.depth.saturating_sub(1),
                    b'}' | b']' if self.depth == 1 => return (place.saturating_add(1), true),
                    b'}' | b']' | b',' | b' ' | b'\t' | b'\n' | b'\r' if self.depth == 0 => return (place, true),
                    _ => {}
                },
            }
        }
        (bytes.len(), false)
    }
}

#[cfg(test)]
#[path = "cut_tests.rs"]
mod tests;
