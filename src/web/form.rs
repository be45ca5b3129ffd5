//! What a form sent: names and values in their order.

use bytes::Bytes;

/// The fields of a form.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads an `application/x-www-form-urlencoded` body. Bytes that are no text become replacement marks, which no field
    /// of one line takes.
    pub fn read(body: &Bytes) -> Self {
        Self(form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// A form of those fields.
    pub const fn of(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// All fields in their order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a field; empty without one.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The value of a field of one line: what a person put round it is not meant.
    pub fn line(&self, name: &str) -> &str {
        self.text(name).trim()
    }

    /// All values of a field that may come several times.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the field came at all: a button that was pressed, a box that is ticked.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_keeps_every_value_in_its_order() {
        let form = Form::read(&Bytes::from_static(b"a=1&b=caf%C3%A9+noir&a=2&c=%ff"));
        assert_eq!(form.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(form.text("b"), "café noir");
        assert_eq!(form.text("c"), "\u{fffd}");
        assert!(!form.has("d") && form.text("d").is_empty());
    }
}
