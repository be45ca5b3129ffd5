//! A small strict reader of XML, for labels that come from elsewhere.
//!
//! It reads elements, attributes, text, comments, namespaces, the five named entities and numbered characters. It refuses
//! what has served attacks and what no label needs: document types (entities that multiply or fetch), processing
//! instructions, CDATA, encodings other than UTF-8, deep nesting, long texts.

use super::stanag_error::Fault;
use crate::limits;

/// An element with its names resolved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Element {
    pub(super) namespace: String,
    pub(super) name: String,
    /// Attributes other than namespace declarations; one with a prefix keeps it in its name.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    /// All its own text, in order.
    pub(super) text: String,
}

/// Reads one document.
pub(super) fn read(text: &str) -> Result<Element, Fault> {
    if text.len() > limits::LABEL_XML_BYTES_MAX {
        return Err(Fault::TooLong);
    }
    if !text.chars().all(is_character) {
        return Err(Fault::Character);
    }
    let mut reader = Reader { rest: text.strip_prefix('\u{FEFF}').unwrap_or(text), scope: Vec::new() };
    reader.declaration()?;
    reader.between()?;
    let root = reader.element(1)?;
    reader.between()?;
    if reader.rest.is_empty() { Ok(root) } else { Err(Fault::Malformed) }
}

/// Text made fit to stand in an element or an attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

struct Reader<'a> {
    rest: &'a str,
    /// Prefix and namespace, innermost last.
    scope: Vec<(String, String)>,
}

impl<'a> Reader<'a> {
    fn declaration(&mut self) -> Result<(), Fault> {
        if !self.rest.starts_with("<?xml ") {
            return Ok(());
        }
        let (declaration, rest) = self.rest.split_once("?>").ok_or(Fault::Malformed)?;
        self.rest = rest;
        let plain = declaration.replace('\'', "\"").to_ascii_lowercase();
        let encoded = plain.split_once("encoding").is_none_or(|(_, value)| value.contains("\"utf-8\""));
        if plain.contains("version=\"1.0\"") && encoded { Ok(()) } else { Err(Fault::Encoding) }
    }

    /// White space and comments outside the root.
    fn between(&mut self) -> Result<(), Fault> {
        loop {
            self.space();
            if self.eat("<!--") {
                self.comment()?;
            } else if self.rest.starts_with("<!") {
                return Err(Fault::Doctype);
            } else if self.rest.starts_with("<?") {
                return Err(Fault::Instruction);
            } else {
                return Ok(());
            }
        }
    }

    fn comment(&mut self) -> Result<(), Fault> {
        let (_, rest) = self.rest.split_once("--").ok_or(Fault::Malformed)?;
        self.rest = rest.strip_prefix('>').ok_or(Fault::Malformed)?;
        Ok(())
    }

    fn element(&mut self, depth: usize) -> Result<Element, Fault> {
        if depth > limits::LABEL_XML_DEPTH_MAX {
            return Err(Fault::TooDeep);
        }
        self.expect("<")?;
        let outer = self.scope.len();
        let qualified = self.name()?;
        let (attributes, content) = self.attributes()?;
        let (prefix, name) = qualified.split_once(':').unwrap_or(("", qualified));
        let mut element = Element {
            namespace: self.namespace(prefix)?,
            name: name.to_owned(),
            attributes,
            children: Vec::new(),
            text: String::new(),
        };
        if content {
            self.content(&mut element, qualified, depth)?;
        }
        self.scope.truncate(outer);
        Ok(element)
    }

    fn content(&mut self, element: &mut Element, qualified: &str, depth: usize) -> Result<(), Fault> {
        loop {
            if self.eat("</") {
                if self.name()? != qualified {
                    return Err(Fault::Malformed);
                }
                self.space();
                return self.expect(">");
            }
            if self.eat("<!--") {
                self.comment()?;
            } else if self.rest.starts_with("<![CDATA[") {
                return Err(Fault::Cdata);
            } else if self.rest.starts_with("<!") {
                return Err(Fault::Doctype);
            } else if self.rest.starts_with("<?") {
                return Err(Fault::Instruction);
            } else if self.rest.starts_with('<') {
                let inner = depth.saturating_add(1);
                element.children.push(self.element(inner)?);
            } else {
                let end = self.rest.find('<').ok_or(Fault::Malformed)?;
                let text = self.take(end)?;
                if text.contains("]]>") {
                    return Err(Fault::Malformed);
                }
                element.text.push_str(&unescape(text)?);
            }
        }
    }

    /// The attributes of a start tag, and whether content follows.
    fn attributes(&mut self) -> Result<(Vec<(String, String)>, bool), Fault> {
        let mut raw: Vec<(&str, String)> = Vec::new();
        let content = loop {
            let spaced = self.space();
            if self.eat("/>") {
                break false;
            }
            if self.eat(">") {
                break true;
            }
            if !spaced {
                return Err(Fault::Malformed);
            }
            let name = self.name()?;
            self.space();
            self.expect("=")?;
            self.space();
            let value = self.value()?;
            if raw.iter().any(|(other, _)| *other == name) {
                return Err(Fault::Malformed);
            }
            raw.push((name, value));
        };
        let (declarations, attributes): (Vec<_>, Vec<_>) =
            raw.into_iter().partition(|(name, _)| *name == "xmlns" || name.starts_with("xmlns:"));
        for (name, namespace) in declarations {
            let prefix = name.strip_prefix("xmlns:").unwrap_or_default();
            if matches!(prefix, "xml" | "xmlns") || (!prefix.is_empty() && namespace.is_empty()) {
                return Err(Fault::Prefix);
            }
            self.scope.push((prefix.to_owned(), namespace));
        }
        for (name, _) in &attributes {
            if let Some((prefix, _)) = name.split_once(':') {
                self.namespace(prefix)?;
            }
        }
        Ok((attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(), content))
    }

    fn value(&mut self) -> Result<String, Fault> {
        let quote = if self.eat("\"") {
            '"'
        } else {
            self.expect("'")?;
            '\''
        };
        let (value, rest) = self.rest.split_once(quote).ok_or(Fault::Malformed)?;
        self.rest = rest;
        if value.contains('<') {
            return Err(Fault::Malformed);
        }
        unescape(&value.replace(['\t', '\n', '\r'], " "))
    }

    fn name(&mut self) -> Result<&'a str, Fault> {
        let sign = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | ':');
        let end = self.rest.find(|letter| !sign(letter)).ok_or(Fault::Malformed)?;
        let name = self.take(end)?;
        let mut parts = name.split(':');
        let starts = |part: &str| part.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
        if name.matches(':').count() <= 1 && parts.all(starts) { Ok(name) } else { Err(Fault::Malformed) }
    }

    fn namespace(&self, prefix: &str) -> Result<String, Fault> {
        let bound = self.scope.iter().rev().find(|(bound, _)| bound == prefix);
        match (bound, prefix) {
            (Some((_, namespace)), _) => Ok(namespace.clone()),
            (None, "") => Ok(String::new()),
            (None, "xml") => Ok("http://www.w3.org/XML/1998/namespace".to_owned()),
            (None, _) => Err(Fault::Prefix),
        }
    }

    fn take(&mut self, end: usize) -> Result<&'a str, Fault> {
        let (taken, rest) = self.rest.split_at_checked(end).ok_or(Fault::Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    fn space(&mut self) -> bool {
        let rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let spaced = rest.len() != self.rest.len();
        self.rest = rest;
        spaced
    }

    fn eat(&mut self, sign: &str) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, sign: &str) -> Result<(), Fault> {
        if self.eat(sign) { Ok(()) } else { Err(Fault::Malformed) }
    }
}

fn unescape(text: &str) -> Result<String, Fault> {
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (entity, after) = part.split_once(';').ok_or(Fault::Entity)?;
        let letter = match entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "apos" => '\'',
            "quot" => '"',
            _ => numbered(entity).ok_or(Fault::Entity)?,
        };
        plain.push(letter);
        plain.push_str(after);
    }
    Ok(plain)
}

fn numbered(entity: &str) -> Option<char> {
    let number = entity.strip_prefix('#')?;
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, radix).ok()?).filter(|letter| is_character(*letter))
}

/// XML 1.0 `Char`, without the C1 controls.
fn is_character(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r') || !(letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}'))
}
