//! The style sheet that a signed policy becomes: the colours and patterns of its levels and stamps, for light and dark.
//!
//! A policy gives each level one pair of colours. Banner and chip use it as it is on a light page; on a dark one a light ground
//! is turned over, a deep one stays. Marks on the page itself (stamps, portion marks) take whichever of the two is the darker
//! on paper, and a lightened one in the dark: text must be read against the sheet, not against the banner.

use crate::label::{Pattern, Policy};

/// The style sheet of a policy.
pub fn of(policy: &Policy) -> String {
    let mut text = String::new();
    for level in policy.levels() {
        let colours = level.colours();
        let (ink, ground) = (colours.text.as_str(), colours.ground.as_str());
        let rule = if is_light(ground) { on_light(ink, ground) } else { on_deep(ink, ground) };
        // Codes are letters, digits and hyphens: the policy's parser sees to that.
        let band = band(colours.pattern, is_light(ground));
        text.push_str(&format!("[data-level=\"{}\"]{{{rule}--m-band:{band}}}\n", level.code()));
    }
    for category in policy.categories() {
        let Some(colour) = category.stamp() else { continue };
        let letters = if is_light(colour) { "#17222b" } else { "#ffffff" };
        text.push_str(&format!(
            "[data-caveat=\"{}\"]{{--c-bg:{colour};--c-fg:{letters};--c-line:light-dark({colour},color-mix(in srgb,{colour} 40%,#fff))}}\n",
            category.code()
        ));
    }
    text
}

fn on_light(ink: &str, ground: &str) -> String {
    // Black letters say nothing of the level: then the ground itself, deepened, is its colour on paper.
    let own = if is_black(ink) { format!("color-mix(in srgb,{ground} 38%,#000)") } else { ink.to_owned() };
    format!(
        "--m-bg:light-dark({ground},color-mix(in srgb,{own} 30%,#10181e));\
         --m-fg:light-dark({ink},color-mix(in srgb,{ground} 72%,#fff));\
         --m-line:light-dark({own},color-mix(in srgb,{ground} 80%,#fff));\
         --m-edge:light-dark(color-mix(in srgb,{own} 62%,{ground}),color-mix(in srgb,{own} 55%,{ground}));"
    )
}

fn on_deep(ink: &str, ground: &str) -> String {
    format!(
        "--m-bg:{ground};--m-fg:{ink};--m-line:light-dark({ground},color-mix(in srgb,{ground} 45%,#fff));\
         --m-edge:light-dark({ground},color-mix(in srgb,{ground} 70%,#fff));"
    )
}

/// What tells levels apart without colour: the border of a sea chart.
fn band(pattern: Pattern, light: bool) -> String {
    let colour = if light { "var(--m-line)" } else { "var(--m-fg)" };
    match pattern {
        Pattern::Plain => format!("linear-gradient({colour} 0 0) center/100% 1px no-repeat"),
        Pattern::Dots => {
            format!("repeating-linear-gradient(90deg,{colour} 0 14px,transparent 14px 28px) center/100% 3px no-repeat")
        }
        Pattern::Lines => format!("repeating-linear-gradient({colour} 0 1px,transparent 1px 3px)"),
        Pattern::Stripes => format!("repeating-linear-gradient(90deg,{colour} 0 3px,transparent 3px 7px)"),
        Pattern::Chevrons => format!("repeating-linear-gradient(135deg,{colour} 0 4px,transparent 4px 10px)"),
        Pattern::Grid => format!("repeating-conic-gradient({colour} 0 25%,transparent 0 50%) 0 0/6px 6px"),
        Pattern::Checks => format!("repeating-conic-gradient({colour} 0 25%,transparent 0 50%) 0 0/12px 6px"),
        Pattern::Frame => format!("linear-gradient({colour} 0 2px,transparent 2px 4px,{colour} 4px 6px)"),
    }
}

/// Whether dark letters are read on it: the weights of Rec. 601, in thousandths.
fn is_light(colour: &str) -> bool {
    let part = |from: usize, until: usize| {
        colour.get(from..until).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0)
    };
    let weighed = part(1, 3)
        .saturating_mul(299)
        .saturating_add(part(3, 5).saturating_mul(587))
        .saturating_add(part(5, 7).saturating_mul(114));
    weighed > 128_000
}

fn is_black(colour: &str) -> bool {
    colour.eq_ignore_ascii_case("#000000")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::builtin;

    #[test]
    fn every_level_and_stamp_of_every_policy_has_its_colours() {
        for (id, toml) in builtin() {
            let policy = Policy::parse(toml).expect("a policy of the house");
            let text = of(&policy);
            for level in policy.levels() {
                assert!(text.contains(&format!("[data-level=\"{}\"]", level.code())), "{id}");
            }
            for category in policy.categories().iter().filter(|category| category.stamp().is_some()) {
                assert!(text.contains(&format!("[data-caveat=\"{}\"]", category.code())), "{id}");
            }
            assert!(!text.contains('<') && !text.contains('\\'), "{id}");
        }
    }
}
