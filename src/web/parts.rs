//! A file that a form sends without a script (`multipart/form-data`, RFC 7578), read as it comes.
//!
//! Read is a strict part of that format, the part that browsers write: some short fields, then one file, which is the last part,
//! then the closing boundary and not a byte more. So the size of the file follows from the length of the body, and it can be
//! announced, and stored piece by piece, before it has come whole. The general crates for this format do not tell that size; they
//! look for the boundary in every byte of the content, and we need not.

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::time::{Duration, timeout};

use super::form::Form;
use crate::limits;

/// The body of a form that sends a file.
#[derive(Debug)]
pub struct Sent<C> {
    /// The fields before the file.
    pub form: Form,
    /// Name of the file as its sender calls it; empty when none was chosen.
    pub name: String,
    /// Bytes of the file.
    pub size: u64,
    /// The file.
    pub content: C,
}

/// The body is not what a browser sends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unread {
    /// It broke off, or stood still.
    Cut,
    /// It is not of the form above.
    Malformed,
}

/// What stands before the content of the file.
#[derive(PartialEq, Eq, Debug)]
struct Head {
    fields: Vec<(String, String)>,
    name: String,
    bytes: usize,
}

/// Reads up to the content of the file; the rest is read by whoever takes the content. `length` is that of the whole body.
///
/// # Errors
/// [`Unread`].
pub async fn opened<S, E>(
    boundary: &str,
    length: u64,
    mut body: S,
) -> Result<Sent<impl Stream<Item = Result<Bytes, Unread>> + Unpin>, Unread>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let mut held = Vec::new();
    let head = loop {
        if let Some(head) = head(&held, boundary)? {
            break head;
        }
        if held.len() > limits::FORM_HEAD_BYTES_MAX {
            return Err(Unread::Malformed);
        }
        match timeout(Duration::from_millis(limits::UPLOAD_STALL_MS_MAX), body.next()).await {
            Ok(Some(Ok(bytes))) => held.extend_from_slice(&bytes),
            Ok(Some(Err(_)) | None) | Err(_) => return Err(Unread::Cut),
        }
    };
    let end = format!("\r\n--{boundary}--\r\n").into_bytes();
    let around = head.bytes.checked_add(end.len()).and_then(|bytes| u64::try_from(bytes).ok());
    let size = around.and_then(|around| length.checked_sub(around)).ok_or(Unread::Malformed)?;
    let first = Bytes::from(held.split_off(head.bytes));
    let content = Content { first: Some(first), body, left: size, end: Bytes::from(end), broken: false };
    let content =
        Box::pin(stream::unfold(content, |mut content| async move { Some((content.next().await?, content)) }));
    Ok(Sent { form: Form::of(head.fields), name: head.name, size, content })
}

struct Content<S> {
    first: Option<Bytes>,
    body: S,
    left: u64,
    /// What must still come behind the file.
    end: Bytes,
    broken: bool,
}

impl<S, E> Content<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    /// The next bytes of the file. It ends only when all that must come behind it has come: a body that is not what it seemed
    /// is told before anybody takes the file for whole.
    async fn next(&mut self) -> Option<Result<Bytes, Unread>> {
        while !self.broken {
            let came = match self.first.take() {
                Some(first) => Some(Ok(first)),
                None => self.body.next().await,
            };
            let mut bytes = match came {
                Some(Ok(bytes)) => bytes,
                None if self.left == 0 && self.end.is_empty() => return None,
                Some(Err(_)) | None => {
                    self.broken = true;
                    return Some(Err(Unread::Cut));
                }
            };
            let length = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
            let file = bytes.split_to(length);
            self.left = self.left.saturating_sub(u64::try_from(length).unwrap_or(u64::MAX));
            if bytes.len() > self.end.len() || self.end.split_to(bytes.len()) != bytes {
                self.broken = true;
                return Some(Err(Unread::Malformed));
            }
            if !file.is_empty() {
                return Some(Ok(file));
            }
        }
        None
    }
}

/// The head, if it is there whole.
fn head(held: &[u8], boundary: &str) -> Result<Option<Head>, Unread> {
    let opening = format!("--{boundary}\r\n").into_bytes();
    let Some((start, mut rest)) = held.split_at_checked(opening.len()) else { return Ok(None) };
    if start != opening.as_slice() {
        return Err(Unread::Malformed);
    }
    let between = format!("\r\n--{boundary}").into_bytes();
    let mut fields = Vec::new();
    loop {
        let Some((headers, value)) = cut(rest, b"\r\n\r\n") else { return Ok(None) };
        let (field, file) = named(headers).ok_or(Unread::Malformed)?;
        if let Some(name) = file {
            return Ok(Some(Head { fields, name, bytes: held.len().saturating_sub(value.len()) }));
        }
        let Some((value, behind)) = cut(value, &between) else { return Ok(None) };
        let value = std::str::from_utf8(value).map_err(|_no_text| Unread::Malformed)?;
        fields.push((field, value.to_owned()));
        rest = match behind.split_at_checked(2) {
            None => return Ok(None),
            Some((b"\r\n", rest)) => rest,
            Some(_) => return Err(Unread::Malformed),
        };
    }
}

/// What stands before and behind the first occurrence.
fn cut<'b>(bytes: &'b [u8], mark: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let at = bytes.windows(mark.len()).position(|window| window == mark)?;
    let (before, from) = bytes.split_at_checked(at)?;
    Some((before, from.get(mark.len()..)?))
}

/// Names of the field and, if it is one, of the file.
fn named(headers: &[u8]) -> Option<(String, Option<String>)> {
    let headers = std::str::from_utf8(headers).ok()?;
    let mut found = None;
    for line in headers.split("\r\n") {
        let (name, value) = line.split_once(':')?;
        if name.trim().eq_ignore_ascii_case("content-disposition") && found.replace(value.trim()).is_some() {
            return None;
        }
    }
    let mut rest = found?.strip_prefix("form-data")?;
    let (mut field, mut file) = (None, None);
    while !rest.is_empty() {
        let (name, value) = rest.strip_prefix("; ")?.split_once("=\"")?;
        let (value, behind) = value.split_once('"')?;
        let place = match name {
            "name" => &mut field,
            "filename" => &mut file,
            _ => return None,
        };
        if place.replace(unescaped(value)).is_some() {
            return None;
        }
        rest = behind;
    }
    Some((field?, file))
}

/// As browsers escape names (WHATWG HTML, multipart/form-data encoding algorithm).
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

/// The boundary in a `Content-Type` of `multipart/form-data` (RFC 2046 §5.1.1), if it is one.
pub fn boundary(content_type: &str) -> Option<String> {
    let mut parts = content_type.split(';');
    if !parts.next()?.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parts.find_map(|part| part.trim().strip_prefix("boundary="))?;
    let boundary = boundary.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(boundary);
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(&byte);
    ((1..=70).contains(&boundary.len()) && boundary.bytes().all(fits)).then(|| boundary.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As Chromium writes it.
    fn body(name: &str, content: &[u8]) -> Vec<u8> {
        let head = format!(
            "--B\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nabc\r\n--B\r\nContent-Disposition: form-data; \
             name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        [head.as_bytes(), content, b"\r\n--B--\r\n"].concat()
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime")
    }

    fn bytes(length: usize) -> u64 {
        u64::try_from(length).expect("64 bits")
    }

    /// Field, name, size and content of a body that comes in pieces of that length.
    fn read(sent: &[u8], length: usize, piece: usize) -> Result<(String, String, u64, Vec<u8>), Unread> {
        let pieces: Vec<Result<Bytes, ()>> =
            sent.chunks(piece.max(1)).map(|part| Ok(Bytes::copy_from_slice(part))).collect();
        runtime().block_on(async {
            let mut sent = opened("B", bytes(length), stream::iter(pieces)).await?;
            let mut content = Vec::new();
            while let Some(part) = sent.content.next().await {
                content.extend_from_slice(&part?);
            }
            Ok((sent.form.text("token").to_owned(), sent.name, sent.size, content))
        })
    }

    proptest! {
        #[test]
        fn a_file_comes_out_as_it_went_in_however_its_body_is_cut(
            content in proptest::collection::vec(any::<u8>(), 0..300), piece in 1_usize..80,
        ) {
            let sent = body("a.bin", &content);
            let expected = ("abc".to_owned(), "a.bin".to_owned(), bytes(content.len()), content);
            prop_assert_eq!(read(&sent, sent.len(), piece), Ok(expected));
        }

        #[test]
        fn a_body_that_ends_too_soon_or_too_late_is_never_a_whole_file(cut in 1_usize..250, more in 1_usize..9) {
            let sent = body("a.bin", b"content");
            let short = &sent[..sent.len().saturating_sub(cut)];
            prop_assert!(read(short, sent.len(), 7).is_err());
            let long = [sent.as_slice(), &vec![b'-'; more]].concat();
            prop_assert!(read(&long, long.len(), 7).is_err());
        }

        #[test]
        fn no_bytes_are_a_panic(sent in proptest::collection::vec(any::<u8>(), 0..200), length in 0_usize..400) {
            if let Ok((.., size, content)) = read(&sent, length, 5) {
                prop_assert_eq!(size, bytes(content.len()));
            }
        }
    }

    #[test]
    fn only_what_a_browser_writes_is_read() {
        let whole = body("caf%22é.txt", b"x");
        assert_eq!(read(&whole, whole.len(), 9).map(|read| read.1), Ok("caf\"é.txt".to_owned()));
        let text = |text: &str| read(text.as_bytes(), text.len(), 11).map(drop);
        for malformed in [
            "--C\r\n\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--B--\r\n",
            "--B\r\nContent-Disposition: attachment; name=\"a\"; filename=\"b\"\r\n\r\nx\r\n--B--\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"; filename=\"c\"\r\n\r\nx\r\n--B--\r\n",
            "--B\r\nContent-Disposition: form-data; filename=\"b\"\r\n\r\nx\r\n--B--\r\n",
            "--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--\r\n",
        ] {
            assert_eq!(text(malformed), Err(Unread::Malformed), "{malformed}");
        }
        let endless = format!("--B\r\n{}", "a".repeat(limits::FORM_HEAD_BYTES_MAX + 1));
        assert_eq!(text(&endless), Err(Unread::Malformed));
    }

    #[test]
    fn the_boundary_is_told_by_the_content_type() {
        let told = |text| boundary(text);
        assert_eq!(
            told("multipart/form-data; boundary=----WebKitFormBoundaryA1"),
            Some("----WebKitFormBoundaryA1".into())
        );
        assert_eq!(told("multipart/form-data; charset=utf-8; boundary=\"a b\""), None);
        assert_eq!(told("multipart/form-data; boundary=\"a-b\""), Some("a-b".into()));
        for none in
            ["multipart/form-data", "multipart/mixed; boundary=a", "multipart/form-data; boundary=", "text/plain"]
        {
            assert_eq!(told(none), None, "{none}");
        }
    }
}
