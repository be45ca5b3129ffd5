//! `Content-Disposition` (RFC 6266): the name of a file, once in plain ASCII for old readers and once encoded whole
//! (RFC 8187). A name is written by people: quotes, line ends and marks that reorder text must stay its own matter.

use std::fmt::Write as _;

use super::Shown;

/// The header of a content that is taken so.
pub fn disposition(shown: Shown, name: &str) -> String {
    let mut header = String::from(match shown {
        Shown::Saved => "attachment",
        Shown::Inline(_) => "inline",
    });
    header.push_str("; filename=\"");
    // Nothing that ends or escapes the quoted text, and no "%", which some readers decode.
    header.extend(name.chars().map(|character| if is_plain(character) { character } else { '_' }));
    header.push_str("\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if is_attribute(byte) {
            header.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            write!(header, "%{byte:02X}").unwrap_or_default();
        }
    }
    header
}

const fn is_plain(character: char) -> bool {
    matches!(character, 'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '.' | '-' | '_' | '(' | ')' | '+' | ',' | '=')
}

/// `attr-char` of RFC 8187 §3.2.1.
const fn is_attribute(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#' | b'$' | b'&' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_stays_within_its_header() {
        for (name, header) in [
            ("note.pdf", "attachment; filename=\"note.pdf\"; filename*=UTF-8''note.pdf"),
            (
                "l'été \"2\".pdf",
                "attachment; filename=\"l__t_ _2_.pdf\"; filename*=UTF-8''l%27%C3%A9t%C3%A9%20%222%22.pdf",
            ),
            (
                "a\r\nSet-Cookie: b",
                "attachment; filename=\"a__Set-Cookie_ b\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b",
            ),
            ("\u{202e}fdp.exe", "attachment; filename=\"_fdp.exe\"; filename*=UTF-8''%E2%80%AEfdp.exe"),
            ("a\\\"; x=%41", "attachment; filename=\"a___ x=_41\"; filename*=UTF-8''a%5C%22%3B%20x%3D%2541"),
        ] {
            assert_eq!(disposition(Shown::Saved, name), header);
        }
        assert!(disposition(Shown::Inline("image/png"), "a.png").starts_with("inline; "));
    }

    proptest! {
        #[test]
        fn any_name_gives_a_header_that_reads_back(name in "\\PC{0,40}|[\\x00-\\x7f]{0,40}") {
            let header = disposition(Shown::Saved, &name);
            prop_assert!(http::HeaderValue::from_str(&header).is_ok());
            let encoded = header.split_once("filename*=UTF-8''").unwrap().1;
            let mut bytes = Vec::new();
            let mut rest = encoded.as_bytes();
            while let Some((first, more)) = rest.split_first() {
                rest = more;
                if *first == b'%' {
                    let (digits, more) = rest.split_at(2);
                    bytes.push(u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap());
                    rest = more;
                } else {
                    bytes.push(*first);
                }
            }
            prop_assert_eq!(String::from_utf8(bytes).unwrap(), name);
            prop_assert_eq!(header.matches('"').count(), 2);
        }
    }
}
