//! What the journal says of one act: who, when, at which label, what, on which
//! objects, and the verdict with its rule. Never a title, a body, a name or a query in clear.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Time,
    crypto::Digest,
    ids::{AccountId, Id, RequestId},
};

/// Format of a leaf: this byte, the number (u64 big-endian), the key epoch (u32 big-endian), then sealed the entry and
/// the [`RowMark`](super::RowMark)s of its write.
pub const LEAF_FORMAT: u8 = 2;
/// The first format: the sealed entry alone. It reads, and says nothing of rows.
pub const LEAF_FORMAT_ENTRY_ALONE: u8 = 1;

macro_rules! words_of_the_journal {
    ($(#[$meta:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$inner])* $variant),* }

        impl $name {
            /// Every value, in the order of the stored numbers. New ones go to the end.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable word used in JSON, filters and exports.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The value of that word.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

words_of_the_journal! {
    /// What was asked for.
    Act {
        /// The server started and found its journal whole.
        Start = "start",
        /// The server stopped in order.
        Stop = "stop",
        /// A TLS handshake was refused.
        HandshakeRefused = "handshake-refused",
        /// A signed configuration file was accepted.
        ConfigAccepted = "config-accepted",
        /// A configuration file was refused.
        ConfigRefused = "config-refused",
        /// The first use of a label made its key.
        LabelKeyMade = "label-key-made",
        /// One's own account was read.
        SelfRead = "self-read",
        /// The people whose clearance reaches the working label were listed.
        PeopleList = "people-list",
        /// A person's profile was read.
        PersonRead = "person-read",
        /// The spaces one belongs to were listed.
        SpaceList = "space-list",
        /// A space was read.
        SpaceRead = "space-read",
        /// A space was created.
        SpaceCreate = "space-create",
        /// A space's name or purpose was changed.
        SpaceChange = "space-change",
        /// A space was deleted.
        SpaceDelete = "space-delete",
        /// The members of a space were listed.
        MemberList = "member-list",
        /// A member was added to a space, or the part he plays was changed.
        MemberAdd = "member-add",
        /// A member was removed from a space.
        MemberRemove = "member-remove",
        /// The cards of a space, or of the feed, were listed.
        NoteList = "note-list",
        /// The feed of all one's spaces was listed.
        FeedList = "feed-list",
        /// A note was read.
        NoteRead = "note-read",
        /// A note was created.
        NoteCreate = "note-create",
        /// A note was changed.
        NoteChange = "note-change",
        /// A note was deleted.
        NoteDelete = "note-delete",
        /// The revisions of a note were listed.
        RevisionList = "revision-list",
        /// An old revision was read.
        RevisionRead = "revision-read",
        /// An old revision was restored as a new one.
        RevisionRestore = "revision-restore",
        /// The links of a note were listed.
        LinkList = "link-list",
        /// A link was read.
        LinkRead = "link-read",
        /// A link was created.
        LinkCreate = "link-create",
        /// A link was deleted.
        LinkDelete = "link-delete",
        /// Conversations were listed.
        ConversationList = "conversation-list",
        /// A conversation was read.
        ConversationRead = "conversation-read",
        /// A conversation was created.
        ConversationCreate = "conversation-create",
        /// The messages of a conversation were listed.
        MessageList = "message-list",
        /// A message was read.
        MessageRead = "message-read",
        /// A message was posted.
        MessageCreate = "message-create",
        /// A message was edited by its author.
        MessageChange = "message-change",
        /// A message was withdrawn by its author.
        MessageWithdraw = "message-withdraw",
        /// A stream of items was imported.
        Import = "import",
        /// The policy's words were read.
        PolicyRead = "policy-read",
        /// The journal was read by an officer.
        JournalRead = "journal-read",
        /// A checkpoint or tile of the journal was read by an officer.
        JournalTile = "journal-tile",
        /// A proof of one entry was made for an officer.
        JournalProve = "journal-prove",
        /// The notes of one's spaces were listed by the day they are to be looked at again.
        ReviewList = "review-list",
        /// The templates of a space were listed.
        TemplateList = "template-list",
        /// The texts that name one were listed.
        MentionList = "mention-list",
        /// One's own drafts were listed.
        DraftList = "draft-list",
        /// A draft was read.
        DraftRead = "draft-read",
        /// A draft was begun.
        DraftCreate = "draft-create",
        /// A draft was saved again.
        DraftChange = "draft-change",
        /// A draft was thrown away.
        DraftDelete = "draft-delete",
        /// The attachments of a note were listed.
        AttachmentList = "attachment-list",
        /// An attachment's particulars were read, or how far an upload has come.
        AttachmentRead = "attachment-read",
        /// An attachment's content was read, whole or in part.
        AttachmentContent = "attachment-content",
        /// The upload of an attachment began.
        AttachmentBegin = "attachment-begin",
        /// Bytes were added to an upload.
        AttachmentAppend = "attachment-append",
        /// An upload's bytes were read back, to be compared with what was announced.
        AttachmentVerify = "attachment-verify",
        /// An upload was whole and became an attachment.
        AttachmentFinish = "attachment-finish",
        /// An attachment, or an upload, was deleted.
        AttachmentDelete = "attachment-delete",
        /// The system removed what was deleted, or was never finished.
        AttachmentSweep = "attachment-sweep",
        /// Something was sought; the words are sealed under the working label.
        Search = "search",
        /// A word, title or tag was begun, and completions were asked for.
        Suggest = "suggest",
        /// The server began to follow what is written, for the index.
        IndexFollow = "index-follow",
        /// The watches of one's spaces, and one's own, were listed.
        WatchList = "watch-list",
        /// A watch was read.
        WatchRead = "watch-read",
        /// A watch was made.
        WatchCreate = "watch-create",
        /// A watch's name or question was changed.
        WatchChange = "watch-change",
        /// A watch was dropped.
        WatchDelete = "watch-delete",
        /// The matches of watches were asked for.
        WatchMatches = "watch-matches",
        /// The matches of a watch were marked as seen.
        WatchSeen = "watch-seen",
        /// The links around a note were drawn.
        GraphRead = "graph-read",
        /// The shortest way between two notes was sought.
        PathRead = "path-read",
        /// What a note rests on, and what rests on it, was read.
        LineageRead = "lineage-read",
        /// The notes of a space were ranked by their links.
        StandingList = "standing-list",
        /// Notes left with their links and attachments, under a ceiling.
        Export = "export",
    }
}

words_of_the_journal! {
    /// How the act ended.
    Verdict {
        /// Allowed and done.
        Allow = "allow",
        /// Refused by a rule.
        Deny = "deny",
        /// Allowed, but the object had changed meanwhile, or is not as the act needs it; nothing was done.
        Conflict = "conflict",
    }
}

words_of_the_journal! {
    /// The rule that decided.
    Rule {
        /// Nothing forbids it: the label is dominated, membership holds.
        Flow = "flow",
        /// No such object (to the person, the same as the next ones).
        Absent = "absent",
        /// The object's label does not flow to the working label.
        NotDominated = "not-dominated",
        /// The person is not a member of the space or conversation.
        NotMember = "not-member",
        /// A change needs the object's very label as working label.
        LabelDiffers = "label-differs",
        /// Only an animator of the space may do this.
        NotAnimator = "not-animator",
        /// Only the author may do this.
        NotAuthor = "not-author",
        /// Only an officer may do this.
        NotOfficer = "not-officer",
        /// Officers and administrators have no access to content.
        NoContentRole = "no-content-role",
        /// The working label is not within the clearance.
        BeyondClearance = "beyond-clearance",
        /// The person named would not reach the space's label.
        OtherBeyondClearance = "other-beyond-clearance",
        /// A configuration or system event, decided by signatures.
        System = "system",
    }
}

/// One object that the act touched.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ObjectRef {
    /// The object.
    pub id: Id,
    /// Its version as read or written; 0 where the object has none or is absent.
    pub version: u64,
    /// SHA-256 of the stored bytes, for reads of one object and for all writes.
    pub digest: Option<Digest>,
    /// Index into [`Entry::labels`].
    pub label: Option<u16>,
}

/// What some acts add: codes and numbers, and the words of a search, sealed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Detail {
    /// Nothing to add.
    None,
    /// A configuration file: its kind, epoch, digest, and the refusal's code if refused.
    Config {
        /// `root`, `config` or `revoke`.
        kind: String,
        /// The epoch it claims.
        epoch: u64,
        /// SHA-256 of the file.
        digest: Digest,
        /// Why it was refused; none when it was accepted.
        code: Option<String>,
        /// Who signed.
        signers: Vec<String>,
    },
    /// A refused handshake: reason code and peer address.
    Handshake {
        /// Code of the reason.
        reason: String,
        /// Address of the peer.
        address: String,
    },
    /// Start: version of the program, and journal length found.
    Start {
        /// Version of the program.
        version: String,
        /// Entries found.
        length: u64,
    },
    /// What was sought, sealed under the working label.
    Sought(Vec<u8>),
    /// What left.
    Exported {
        /// Nothing above it was let out, as stored text.
        ceiling: String,
        /// The join of the labels of all that this entry names and that was let out, as stored text.
        joined: String,
    },
}

/// One entry of the journal, before it is sealed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// When the act was decided.
    pub time: Time,
    /// Journal length when the act was decided: the state the decision was based on.
    pub basis: u64,
    /// Who; none for the system itself.
    pub account: Option<AccountId>,
    /// SHA-256 of the certificate's public key.
    pub fingerprint: Option<Digest>,
    /// The working label, as stored text; index 0 of [`Entry::labels`] for a person's act.
    pub labels: Vec<String>,
    /// What was asked for.
    pub act: Act,
    /// On what.
    pub objects: Vec<ObjectRef>,
    /// How it ended.
    pub verdict: Verdict,
    /// By which rule.
    pub rule: Rule,
    /// The request.
    pub request: Option<RequestId>,
    /// System events only.
    pub detail: Detail,
}

impl Entry {
    /// An entry of the system itself.
    pub fn system(time: Time, act: Act, detail: Detail) -> Self {
        Self {
            time,
            basis: 0,
            account: None,
            fingerprint: None,
            labels: Vec::new(),
            act,
            objects: Vec::new(),
            verdict: Verdict::Allow,
            rule: Rule::System,
            request: None,
            detail,
        }
    }

    /// The index of a label in [`Entry::labels`], added when new.
    pub fn label_index(&mut self, label: String) -> Option<u16> {
        let index = self.labels.iter().position(|known| *known == label).unwrap_or_else(|| {
            self.labels.push(label);
            self.labels.len().saturating_sub(1)
        });
        u16::try_from(index).ok()
    }
}

/// A leaf cut into its parts. Anyone can do this; only who holds the epoch's audit key can go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leaf<'a> {
    /// [`LEAF_FORMAT`], or one before it.
    pub format: u8,
    /// The entry's place in the journal, from 0.
    pub number: u64,
    /// The epoch of the key that sealed it.
    pub epoch: u32,
    /// The sealed entry, with what its format adds.
    pub sealed: &'a [u8],
}

impl<'a> Leaf<'a> {
    /// Cuts the bytes of a leaf.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (format, rest) = bytes.split_first()?;
        let (number, rest) = rest.split_at_checked(8)?;
        let (epoch, sealed) = rest.split_at_checked(4)?;
        let number = u64::from_be_bytes(number.try_into().ok()?);
        let epoch = u32::from_be_bytes(epoch.try_into().ok()?);
        matches!(*format, LEAF_FORMAT | LEAF_FORMAT_ENTRY_ALONE).then_some(Self {
            format: *format,
            number,
            epoch,
            sealed,
        })
    }

    /// The bytes of the leaf.
    pub fn bytes(&self) -> Vec<u8> {
        [&[self.format], self.number.to_be_bytes().as_slice(), &self.epoch.to_be_bytes(), self.sealed].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_is_unique() {
        for act in Act::ALL {
            assert_eq!(Act::from_code(act.code()), Some(*act));
            assert_eq!(serde_json::to_string(act).unwrap(), format!("\"{}\"", act.code()));
        }
        for rule in Rule::ALL {
            assert_eq!(Rule::from_code(rule.code()), Some(*rule));
        }
    }

    #[test]
    fn a_stored_entry_of_the_first_format_still_reads() {
        let mut entry = Entry::system(Time(7), Act::Start, Detail::Start { version: "0.1.0".into(), length: 3 });
        entry.labels.push("S/FRA".into());
        let bytes = postcard::to_stdvec(&entry).unwrap();
        assert_eq!(
            data_encoding::HEXLOWER.encode(&bytes),
            "070000000105532f4652410000000b000305302e312e3003",
            "the stored format of journal entries changed: that needs a new LEAF_FORMAT"
        );
        assert_eq!(postcard::from_bytes::<Entry>(&bytes).unwrap(), entry);
    }
}
