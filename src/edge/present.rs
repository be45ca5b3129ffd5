//! What the pages show, as responses; and the headers that keep a page harmless whatever stands in it.

use axum::body::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use super::reply::{self, Stopped, common, set, status_of};
use crate::{
    api::ApiError,
    ids::RequestId,
    label::Policy,
    web::{Page, Shown},
    words::Language,
};

/// Only our own files, named by their hash; no inline script or style, no frame, no form or link that sends elsewhere, and
/// no string that becomes HTML or script in the browser (Trusted Types without a policy).
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// Nothing of the machine is any page's business.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), \
    fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), \
    magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), \
    screen-wake-lock=(), serial=(), usb=(), web-share=(), xr-spatial-tracking=()";

/// What a handler showed, as a response.
pub(super) fn shown(shown: Shown, policy: &Policy, language: Language) -> Response<Body> {
    match shown {
        Shown::Page(page) => {
            let status = page.why().map_or(StatusCode::OK, status_of);
            whole(*page, status, policy, language)
        }
        Shown::See { path, cookie } => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::SEE_OTHER;
            let headers = response.headers_mut();
            harmless(headers);
            set(headers, header::LOCATION, &path);
            if let Some(cookie) = cookie {
                set(headers, header::SET_COOKIE, &cookie);
            }
            response
        }
        // Sent by the pipeline, with the seat that a content takes.
        Shown::File(answer) => reply::answer(*answer, policy, ()),
        Shown::Download { name, kind, bytes, label } => {
            let mut response = Response::new(Body::from(bytes));
            let headers = response.headers_mut();
            harmless(headers);
            set(headers, header::CONTENT_TYPE, kind);
            set(headers, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""));
            set(headers, HeaderName::from_static("vigie-label"), &policy.print(&label));
            response
        }
        Shown::Asset { kind, bytes, packed } => {
            let mut response = Response::new(Body::from(bytes));
            let headers = response.headers_mut();
            harmless(headers);
            set(headers, header::CONTENT_TYPE, kind);
            // Its name is its hash, and it shows nothing of anybody.
            set(headers, header::CACHE_CONTROL, "private, max-age=31536000, immutable");
            set(headers, header::VARY, "Accept-Encoding");
            if packed {
                set(headers, header::CONTENT_ENCODING, "zstd");
            }
            response
        }
    }
}

/// A request that did not reach a handler, as a page.
pub(super) fn stopped(
    page: Result<Page, ApiError>,
    why: Stopped,
    policy: &Policy,
    language: Language,
    request: RequestId,
) -> Response<Body> {
    let (status, ..) = why.parts();
    let mut response = match page {
        Ok(page) => whole(page, status, policy, language),
        Err(error) => reply::error(&error, language, request),
    };
    reply::wait(response.headers_mut(), why);
    response
}

fn whole(page: Page, status: StatusCode, policy: &Policy, language: Language) -> Response<Body> {
    let label = policy.print(page.label());
    let mut response = Response::new(Body::from(page.into_html()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    harmless(headers);
    set(headers, header::CONTENT_TYPE, "text/html; charset=utf-8");
    set(headers, header::CONTENT_LANGUAGE, language.code());
    set(headers, HeaderName::from_static("vigie-label"), &label);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

fn harmless(headers: &mut HeaderMap) {
    common(headers);
    set(headers, header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY);
    set(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    // Choosing a label leads back to the page one came from.
    set(headers, header::REFERRER_POLICY, "same-origin");
    set(headers, header::VARY, "Accept-Language, Cookie");
}
