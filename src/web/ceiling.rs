//! The ceiling of what is printed, as a form on the sheet.

use askama::{Template, filters::HtmlSafe};

use super::{say::Tongue, visit::Visit};
use crate::{api::ApiError, words::key as k};

/// The form.
#[derive(Template)]
#[template(path = "ceiling.html")]
pub(super) struct CeilingForm {
    w: Tongue,
    /// Where the sheet is.
    action: String,
    /// Nothing above it stands there; as it was typed where it is at fault.
    ceiling: String,
    /// Why nothing is printed.
    fault: Option<String>,
}

impl HtmlSafe for CeilingForm {}

impl CeilingForm {
    /// With the ceiling that is in force.
    pub(super) fn set(visit: &Visit, action: String) -> Self {
        let ceiling = visit.visitor.config().policy().print(visit.subject().working());
        Self { w: visit.tongue(), action, ceiling, fault: None }
    }

    /// With the ceiling that was typed and what is wrong with it.
    pub(super) fn again(visit: &Visit, action: String, typed: Option<String>, why: &ApiError) -> Self {
        let fault = Some(visit.tongue().tell(&why.sentence()));
        Self { w: visit.tongue(), action, ceiling: typed.unwrap_or_default(), fault }
    }
}
