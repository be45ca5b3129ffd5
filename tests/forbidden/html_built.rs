//! A request's text taken for markup.
use vigie::text::Html;

pub fn markup(typed: &str) -> Html {
    Html::literal(typed)
}
