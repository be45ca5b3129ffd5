//! How the notes of a space stand among links, as one reader sees them: most linked, orphans, contradicted.
//!
//! Counted are typed links, one by one, each with both ends within reach. What is only counted is not named in the journal;
//! the notes that are shown are.

use super::{links::Way, walk::Walker};
use crate::{
    audit::entry::Act,
    identity::Subject,
    ids::{Id, SpaceId},
    limits,
    sharing::{note::NoteCard, space},
    vault::{Envelope, Listing, Opened, Scope, Vault, VaultError},
};

/// What notes are ranked by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// By how many links they have.
    MostLinked,
    /// Without any.
    Orphans,
    /// By how many notes contradict them.
    Contradicted,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::MostLinked, Self::Orphans, Self::Contradicted];

    /// The word of a request.
    pub const fn word(self) -> &'static str {
        match self {
            Self::MostLinked => "most-linked",
            Self::Orphans => "orphans",
            Self::Contradicted => "contradicted",
        }
    }

    /// What a word means.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.word() == word)
    }
}

/// The notes of a space by their standing.
#[derive(Clone, Debug)]
pub struct Standings {
    /// Notes, each with the number it is ranked by.
    pub notes: Vec<(Opened<NoteCard>, usize)>,
    /// Notes among which these were found: those last changed, of those that this reader sees.
    pub looked: usize,
    /// Whether those are all that he sees there, with all their links.
    pub whole: bool,
    /// Whether a bound left out something that this reader sees.
    pub more: bool,
}

/// The notes of a space by their standing, of those last changed as many as are looked at.
///
/// # Errors
/// [`VaultError`].
pub async fn of_space(
    vault: &Vault,
    subject: &Subject,
    space: SpaceId,
    standing: Standing,
) -> Result<Standings, VaultError> {
    let claim = space::claim_on(vault, space)?;
    let most = limits::STANDING_LINKS_LOOKED_MAX;
    let mut walker = Walker::about(vault, subject, Act::StandingList, &[claim], most).await?;
    let scope = [Scope::of(space.id())];
    let mut ranked: Vec<(Id, usize)> = Vec::new();
    let (mut looked, mut whole, mut after) = (0_usize, true, None);
    'pages: loop {
        let limit = limits::PAGE_ROWS_MAX;
        let page = vault.page(subject, Listing::SpaceNotes, &scope, after.as_ref(), limit)?;
        after = if page.len() == limit { page.last().and_then(Envelope::place) } else { None };
        for note in page.iter().filter(|note| vault.monitor().reaches(subject, &note.target())) {
            if looked >= limits::STANDING_NOTES_MAX || walker.is_spent() {
                whole = false;
                break 'pages;
            }
            looked = looked.saturating_add(1);
            let id = note.header().id;
            let (count, all) = counted(&mut walker, id, standing).await?;
            #[cfg(feature = "exam")]
            let count = planted(vault, subject, id, count);
            whole &= all;
            let ranks = match standing {
                // A note whose links were not all looked at is not said to have none.
                Standing::Orphans => count == 0 && all,
                Standing::MostLinked | Standing::Contradicted => count > 0,
            };
            if ranks {
                ranked.push((id, count));
            }
        }
        if after.is_none() {
            break;
        }
        tokio::task::yield_now().await;
    }
    // Stable: among equals, what was changed last comes first.
    ranked.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let more = !whole || ranked.len() > limits::STANDING_ROWS_MAX;
    ranked.truncate(limits::STANDING_ROWS_MAX);
    let (mut cards, mut counts) = (Vec::new(), Vec::new());
    for (id, count) in ranked {
        if let Some(card) = walker.card(id)? {
            cards.push(card);
            counts.push(count);
        }
    }
    let (cards, _) = walker.end_with(cards, Vec::new()).await?;
    Ok(Standings { notes: cards.into_iter().zip(counts).collect(), looked, whole, more })
}

/// The links of a note that its standing depends on, and whether all were looked at.
async fn counted(walker: &mut Walker<'_>, note: Id, standing: Standing) -> Result<(usize, bool), VaultError> {
    let (back, whole) = walker.links(note, Way::In).await?;
    if standing == Standing::Contradicted {
        let against = back.iter().filter(|met| met.link.look().content.kind == "contradicts").count();
        return Ok((against, whole));
    }
    let (out, all) = walker.links(note, Way::Out).await?;
    Ok((back.len().saturating_add(out.len()), whole && all))
}

#[cfg(feature = "exam")]
fn planted(vault: &Vault, subject: &Subject, note: Id, count: usize) -> usize {
    if crate::exam::planted(crate::exam::Leak::StandingCountsHidden) {
        let rows = |listing| vault.exam_rows(subject, listing, Scope::of(note)).len();
        return rows(Listing::LinksOut).saturating_add(rows(Listing::LinksIn));
    }
    count
}
