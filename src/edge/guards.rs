//! What a request must show before anybody looks at what it wants.
//!
//! With mutual TLS the browser presents the certificate on every request, also on one
//! that another site made it send; so a change must come from our own pages, or from
//! a client that is no browser at all.

use http::{HeaderMap, Method, header};

/// Whether the request may have been made by another site's page (Fetch Metadata; OWASP ASVS 3.5.1).
pub(super) fn is_cross_site(method: &Method, headers: &HeaderMap) -> bool {
    let safe = matches!(*method, Method::GET | Method::HEAD);
    let navigates = value(headers, "sec-fetch-mode") == Some("navigate");
    match value(headers, "sec-fetch-site") {
        Some("same-origin") => false,
        // A page that the person asked for himself: an address typed, a bookmark.
        Some("none") => !(safe && navigates),
        Some(_) => true,
        // No browser, or one without Fetch Metadata: then the origin must be ours.
        None => !safe && is_foreign_origin(headers),
    }
}

fn is_foreign_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = value(headers, header::ORIGIN.as_str()) else { return false };
    let host = value(headers, header::HOST.as_str());
    origin.strip_prefix("https://").is_none_or(|theirs| Some(theirs) != host)
}

fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_change_made_by_another_site_is_noticed() {
        let host = ("host", "vigie.example:8443");
        let cases = [
            (Method::POST, vec![host], false),
            (Method::POST, vec![host, ("sec-fetch-site", "same-origin")], false),
            (Method::POST, vec![host, ("sec-fetch-site", "cross-site")], true),
            (Method::POST, vec![host, ("sec-fetch-site", "same-site")], true),
            (Method::POST, vec![host, ("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")], true),
            (Method::GET, vec![host, ("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")], false),
            (Method::GET, vec![host, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], true),
            (Method::DELETE, vec![host, ("origin", "https://vigie.example:8443")], false),
            (Method::DELETE, vec![host, ("origin", "https://evil.example")], true),
            (Method::DELETE, vec![host, ("origin", "http://vigie.example:8443")], true),
            (Method::PUT, vec![host, ("origin", "null")], true),
            (Method::PUT, vec![("origin", "https://vigie.example:8443")], true),
        ];
        for (method, pairs, foreign) in cases {
            assert_eq!(is_cross_site(&method, &headers(&pairs)), foreign, "{method} {pairs:?}");
        }
    }
}
