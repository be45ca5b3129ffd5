//! Every bound of the system: sizes, counts, times, rates. Nothing else holds one.
//!
//! Names say the thing, the unit, then `MAX` or `MIN`.

/// Bytes of a key of the store (DESIGN: keys of at most 1 KiB, so that other engines fit).
pub const STORE_KEY_BYTES_MAX: usize = 1024;
/// Bytes of a value of the store; longer bodies are cut into parts.
pub const STORE_VALUE_BYTES_MAX: usize = 64 * 1024;
/// Rows that one scan may return.
pub const SCAN_ROWS_MAX: usize = 1024;

/// Bytes of one locked mapping of the secrets' arena.
pub const ARENA_PAGE_BYTES: usize = 64 * 1024;
/// argon2id floor: memory (FORMATS §4.3).
pub const PASSPHRASE_MEMORY_KIB_MIN: u32 = 256 * 1024;
/// argon2id ceiling: memory. A forged slot file must not exhaust the host.
pub const PASSPHRASE_MEMORY_KIB_MAX: u32 = 4 * 1024 * 1024;
/// argon2id floor: passes.
pub const PASSPHRASE_PASSES_MIN: u32 = 3;
/// argon2id ceiling: passes.
pub const PASSPHRASE_PASSES_MAX: u32 = 16;
/// argon2id ceiling: lanes.
pub const PASSPHRASE_LANES_MAX: u32 = 16;

/// Batches that may wait for the committer; beyond it requests are shed with 503.
pub const COMMITS_WAITING_MAX: u64 = 8192;
/// Batches in one group.
pub const COMMIT_GROUP_MAX: usize = 256;
/// Rows of one batch: with those of its group they stay within one commit.
pub const COMMIT_BATCH_ROWS_MAX: usize = 390;
/// Bytes of one batch: with those of its group they stay within one commit.
pub const COMMIT_BATCH_BYTES_MAX: usize = 1_900_000;
/// Microseconds that a group may wait for those whom the last one served.
pub const COMMIT_GATHER_US_MAX: u64 = 2000;
/// Rows after which a group takes no further batch.
pub const COMMIT_GROUP_ROWS: usize = 600;
/// Bytes after which a group takes no further batch.
pub const COMMIT_GROUP_BYTES: usize = 2 * 1024 * 1024;
/// Milliseconds between two signatures of the journal's checkpoint.
pub const CHECKPOINT_INTERVAL_MS: u64 = 1000;

/// Bytes under which no sealed body falls: short notes look alike on disk.
pub const BODY_BYTES_MIN: usize = 256;
/// Bytes of a value before packing.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// zstd level of records: 3 costs 8 µs for 2 KiB.
pub const ZSTD_LEVEL: i32 = 3;
/// Bytes of one stored part of a long body; header, seal and version fit beside it in a value.
pub const PART_BYTES: usize = 60 * 1024;
/// Derived record keys held in memory.
pub const RECORD_KEYS_CACHED_MAX: usize = 16_384;
/// Bytes of a policy file.
pub const POLICY_FILE_BYTES_MAX: usize = 256 * 1024;
/// Levels of a policy, protection mentions included.
pub const POLICY_LEVELS_MAX: usize = 16;
/// Categories of a policy: one bit each of a 64-bit word.
pub const POLICY_CATEGORIES_MAX: usize = 64;
/// Nations and organisations of a policy: one bit each of a 128-bit word.
pub const POLICY_RELEASABILITY_MAX: usize = 128;
/// Aliases of a policy.
pub const POLICY_ALIASES_MAX: usize = 512;
/// Bytes of a code that labels are written with.
pub const POLICY_CODE_BYTES_MAX: usize = 24;
/// Bytes of a name that people read, or of an alias.
pub const POLICY_NAME_BYTES_MAX: usize = 120;
/// Bytes of an object identifier in dots.
pub const POLICY_OID_BYTES_MAX: usize = 128;
/// Bytes of the text of a label: the longest stored one has 209 codes of 24 bytes.
pub const LABEL_TEXT_BYTES_MAX: usize = 8 * 1024;
/// Bytes of a STANAG 4774 label.
pub const LABEL_XML_BYTES_MAX: usize = 64 * 1024;
/// Elements inside one another in a STANAG 4774 label.
pub const LABEL_XML_DEPTH_MAX: usize = 16;
/// Bytes of a signed note: a checkpoint with all its signature lines (a post-quantum line takes 3.3 KB).
pub const NOTE_BYTES_MAX: usize = 128 * 1024;
/// Signature lines of a note (C2SP asks for at least 16).
pub const NOTE_SIGNATURES_MAX: usize = 100;
/// Entries of the journal: a tree larger than this is not believed (and is what a signed 64-bit reader can count).
pub const JOURNAL_ENTRIES_MAX: u64 = 0x7fff_ffff_ffff_ffff;
/// Bytes of one journal entry: its length stands in two bytes of the entry bundle (C2SP tlog-tiles).
pub const JOURNAL_ENTRY_BYTES_MAX: usize = 0xffff;
/// Hashes of an inclusion or consistency proof.
pub const PROOF_HASHES_MAX: usize = 64;
/// Bytes of an entry bundle: 256 entries with their lengths.
pub const JOURNAL_BUNDLE_BYTES_MAX: usize = 256 * (JOURNAL_ENTRY_BYTES_MAX + 2);

/// Checks of one commit of the store.
pub const COMMIT_CHECKS_MAX: usize = 1000;
/// Rows that one commit of the store puts or deletes (so that other engines fit).
pub const COMMIT_ROWS_MAX: usize = 1000;
/// Bytes of all keys and values that one commit of the store writes (so that other engines fit).
pub const COMMIT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes of the cache shared by all families, indexes and filters included.
pub const STORE_CACHE_BYTES: usize = 128 * 1024 * 1024;
/// Bytes of unflushed rows in memory, all families together.
pub const STORE_MEMTABLE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of write-ahead log kept: bounds what a start has to replay.
pub const STORE_LOG_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Files that RocksDB keeps open.
pub const STORE_OPEN_FILES_MAX: i32 = 512;
/// Bytes of an armored SSHSIG file.
pub const SSHSIG_BYTES_MAX: usize = 4096;
/// Characters of one base64 line of it.
pub const SSHSIG_LINE_CHARS_MAX: usize = 76;
/// Bytes of a signed file or of a policy file.
pub const CONFIG_FILE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Signatures beside one file.
pub const SIGNATURES_MAX: usize = 32;
/// People in a root.
pub const PEOPLE_MAX: usize = 32;
/// Keys of one person.
pub const KEYS_PER_PERSON_MAX: usize = 8;
/// Characters of a person's name.
pub const PERSON_NAME_CHARS_MAX: usize = 100;
/// Different people who must sign what grants.
pub const THRESHOLD_PEOPLE_MIN: usize = 2;
/// Accounts of a deployment.
pub const ACCOUNTS_MAX: usize = 20_000;
/// Characters of an account's short name.
pub const ACCOUNT_NAME_CHARS_MAX: usize = 40;
/// Keys of one account.
pub const CERTIFICATES_PER_ACCOUNT_MAX: usize = 8;
/// Authorities that issue client certificates.
pub const ANCHORS_MAX: usize = 16;
/// Revocation lists.
pub const CRLS_MAX: usize = 16;
/// Host names of the server.
pub const SERVER_NAMES_MAX: usize = 16;
/// Characters of a host name (RFC 1035).
pub const SERVER_NAME_CHARS_MAX: usize = 253;
/// Characters of the reason of a revocation.
pub const REASON_CHARS_MAX: usize = 500;
/// Open connections, when the signed configuration says nothing.
pub const CONNECTIONS_DEFAULT: u32 = 4096;
/// Open connections that a signed configuration may allow.
pub const CONFIG_CONNECTIONS_MAX: u32 = 65_536;
/// Open connections of one account, when the signed configuration says nothing.
pub const ACCOUNT_CONNECTIONS_DEFAULT: u32 = 64;
/// Requests of one account in a minute, when the signed configuration says nothing.
pub const ACCOUNT_REQUESTS_PER_MINUTE_DEFAULT: u32 = 6000;
/// Requests of one account in a minute that a signed configuration may allow.
pub const ACCOUNT_REQUESTS_PER_MINUTE_MAX: u32 = 10_000_000;
/// Files that wait in the inbox of the signed configuration; more are left for later.
pub const INBOX_FILES_MAX: usize = 256;

/// Rows of one page of a list.
pub const PAGE_ROWS_MAX: usize = 200;
/// Milliseconds that a TLS handshake may take.
pub const HANDSHAKE_MS_MAX: u64 = 10_000;
/// Milliseconds for the first request after the handshake, and for the head of any HTTP/1.1 request once begun.
pub const REQUEST_HEAD_MS_MAX: u64 = 10_000;
/// Milliseconds that a connection may stay open without a request.
pub const CONNECTION_IDLE_MS_MAX: u64 = 15 * 60 * 1000;
/// Milliseconds that a connection may live; a browser opens the next one unseen.
pub const CONNECTION_AGE_MS_MAX: u64 = 8 * 60 * 60 * 1000;
/// Milliseconds for requests under way when the server stops or a connection has reached its age.
pub const DRAIN_MS_MAX: u64 = 10_000;
/// Milliseconds spent so that a refused client can read why.
pub const FAREWELL_MS_MAX: u64 = 500;
/// Bytes read and thrown away for a refused client.
pub const FAREWELL_BYTES_MAX: u64 = 64 * 1024;
/// Connections with a finished handshake.
pub const CONNECTIONS_MAX: usize = 4096;
/// Connections of one certificate.
pub const CONNECTIONS_PER_KEY_MAX: usize = 64;
/// Handshakes under way.
pub const HANDSHAKES_MAX: usize = 1024;
/// Handshakes under way from one address: one host alone cannot take all of them.
pub const HANDSHAKES_PER_ADDRESS_MAX: usize = 512;
/// Milliseconds of the window in which refused handshakes are counted.
pub const REFUSAL_WINDOW_MS: u64 = 60_000;
/// Refused handshakes of one reason told one by one in a window; the rest as a sum.
pub const REFUSALS_TOLD_MAX: u64 = 20;
/// Milliseconds before the next attempt when the system gives no new socket (out of descriptors).
pub const ACCEPT_PAUSE_MS: u64 = 100;
/// Headers of a request.
pub const HEADERS_MAX: usize = 64;
/// Bytes of the headers of a request.
pub const HEADERS_BYTES_MAX: u32 = 32 * 1024;
/// Bytes of HTTP/1.1 read ahead.
pub const HTTP1_BUFFER_BYTES_MAX: usize = 64 * 1024;
/// Requests under way on one HTTP/2 connection.
pub const HTTP2_STREAMS_MAX: u32 = 128;
/// Streams that a client may reset before we have looked at them (rapid reset, CVE-2023-44487).
pub const HTTP2_PENDING_RESETS_MAX: usize = 20;
/// Streams that we reset for a client's faults before the connection is closed.
pub const HTTP2_FAULT_RESETS_MAX: usize = 64;
/// Bytes that a client may send on one stream before we have read them.
pub const HTTP2_STREAM_WINDOW_BYTES: u32 = 256 * 1024;
/// Bytes that a client may send on one connection before we have read them.
pub const HTTP2_CONNECTION_WINDOW_BYTES: u32 = 1024 * 1024;
/// Bytes of an answer held for one stream.
pub const HTTP2_SEND_BUFFER_BYTES_MAX: usize = 256 * 1024;
/// Bytes of one HTTP/2 frame.
pub const HTTP2_FRAME_BYTES_MAX: u32 = 16 * 1024;
/// Milliseconds between pings on an HTTP/2 connection.
pub const HTTP2_PING_MS: u64 = 30_000;
/// Milliseconds after which an unanswered ping ends the connection.
pub const HTTP2_PING_ANSWER_MS_MAX: u64 = 20_000;

/// Milliseconds that our own client waits for a connection.
pub const CLIENT_CONNECT_MS_MAX: u64 = 10_000;
/// Milliseconds that our own client waits for the head of an answer or the next part of it.
pub const CLIENT_ANSWER_MS_MAX: u64 = 60_000;
/// Bytes of an answer that our own client holds at once.
pub const CLIENT_ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of one line of a streamed answer.
pub const CLIENT_LINE_BYTES_MAX: usize = 1024 * 1024;
/// Parts of a streamed request waiting to be sent.
pub const CLIENT_PARTS_WAITING_MAX: usize = 16;

/// Years that an authority of the small CA may live.
pub const AUTHORITY_YEARS_MAX: u32 = 20;
/// Days that a certificate of the small CA may live.
pub const CERTIFICATE_DAYS_MAX: u32 = 3 * 366;
/// Days that a revocation list of the small CA may live.
pub const REVOCATION_LIST_DAYS_MAX: u32 = 366;
/// Characters of a common name (RFC 5280, upper bound ub-common-name).
pub const COMMON_NAME_CHARS_MAX: usize = 64;
/// Characters of a note's title.
pub const NOTE_TITLE_CHARS_MAX: usize = 300;
/// Bytes of a note's Markdown body.
pub const NOTE_BODY_BYTES_MAX: usize = 256 * 1024;
/// Tags of one note.
pub const NOTE_TAGS_MAX: usize = 50;
/// Characters of one tag, and of the type of a link.
pub const TAG_CHARS_MAX: usize = 80;
/// Sources of one note.
pub const NOTE_SOURCES_MAX: usize = 100;
/// Sources of a note that are shown unfolded.
pub const SOURCES_SHOWN_MAX: usize = 5;
/// Characters of one field of a source: address, title, author.
pub const SOURCE_FIELD_CHARS_MAX: usize = 2000;
/// Bytes of a comment, the one that a link carries included.
pub const COMMENT_BYTES_MAX: usize = 16 * 1024;
/// Bytes of the name that an object bears where it was imported from.
pub const EXTERNAL_ID_BYTES_MAX: usize = 256;

/// Bytes of one object of an imported bundle. Parsed, the most wasteful object takes some 30 times as much
/// memory while it is mapped.
pub const IMPORT_OBJECT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Lists and objects inside each other in one imported object (the JSON reader itself stops at 128).
pub const IMPORT_OBJECT_DEPTH_MAX: usize = 100;
/// Different objects of one import; each costs some 100 bytes of memory while it runs.
pub const IMPORT_OBJECTS_MAX: usize = 2_000_000;
/// Marking definitions of one import whose names are remembered.
pub const IMPORT_MARKINGS_MAX: usize = 10_000;
/// Bytes read at a time from an imported file.
pub const IMPORT_READ_BYTES: usize = 64 * 1024;
/// Bytes of one imported Markdown file, front matter included.
pub const IMPORT_FILE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Markdown files of one imported folder.
pub const IMPORT_FILES_MAX: usize = 200_000;
/// Folders inside each other in an imported folder.
pub const IMPORT_FOLDER_DEPTH_MAX: usize = 32;

/// Spaces that the folders of one import may ask for.
pub const IMPORT_SPACES_MAX: usize = 200;
/// Links between two spaces in one import; each waits in memory for the notes, at some 500 bytes.
pub const IMPORT_LINKS_ACROSS_MAX: usize = 100_000;

/// Bytes of one imported file of the formats that are read whole: MISP, tables, feeds, references, pages, mail.
pub const IMPORT_DOCUMENT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Columns of an imported table.
pub const IMPORT_COLUMNS_MAX: usize = 1000;
/// Bytes of the file that says what the columns of a table become.
pub const IMPORT_MAPPING_BYTES_MAX: usize = 64 * 1024;
/// Nested messages of one imported mail, and nested parts.
pub const IMPORT_MAIL_PARTS_MAX: usize = 200;
/// Items of an import that its review shows on a terminal; all of them are counted.
pub const REVIEW_ITEMS_SHOWN_MAX: usize = 40;
/// Types of links that a review counts each for itself.
pub const REVIEW_LINK_TYPES_MAX: usize = 200;
/// Bytes of an attachment that an import sends in one part.
pub const IMPORT_UPLOAD_PART_BYTES: usize = 64 * 1024;

/// Milliseconds that an `Idempotency-Key` is remembered.
pub const REPEAT_MS_MAX: u64 = 24 * 3_600_000;
/// Characters of a space's name.
pub const SPACE_NAME_CHARS_MAX: usize = 200;
/// Bytes of a space's purpose.
pub const SPACE_PURPOSE_BYTES_MAX: usize = 4 * 1024;
/// Spaces in one answer.
pub const SPACES_LISTED_MAX: usize = 1000;
/// Characters of an extract on a card, or of the sentence around a mention.
pub const EXTRACT_CHARS_MAX: usize = 240;
/// Titles that one note may mention.
pub const NOTE_MENTIONS_MAX: usize = 200;
/// Milliseconds from now within which a protection may end: 50 years (IM 2300 §3.1.1).
pub const EXPIRY_MS_MAX: u64 = 50 * 365 * 24 * 3_600_000 + 13 * 24 * 3_600_000;
/// Revisions removed together with their note.
pub const REVISIONS_DELETED_AT_ONCE: usize = 30;
/// Notes of the same title looked at to resolve a mention.
pub const TITLE_CANDIDATES_MAX: usize = 32;
/// Characters of a link's type.
pub const LINK_TYPE_CHARS_MAX: usize = 60;
/// Mentions of one title looked at.
pub const MENTIONS_LISTED_MAX: usize = 100;
/// People of a conversation.
pub const PARTICIPANTS_MAX: usize = 50;
/// Bytes of a message.
pub const MESSAGE_BYTES_MAX: usize = 16 * 1024;
/// Bytes of an `Idempotency-Key`.
pub const REPEAT_KEY_BYTES_MAX: usize = 128;
/// Rows of a page when the request does not say.
pub const PAGE_ROWS_DEFAULT: usize = 50;
/// Journal entries that one request looks at.
pub const JOURNAL_SCANNED_MAX: u64 = 4096;
/// Items of one import that are under way at once, so that they share syncs.
pub const IMPORT_ITEMS_AT_ONCE: usize = 128;
/// Results of an import that wait for a slow reader.
pub const IMPORT_RESULTS_WAITING: usize = 256;
/// Bytes of one line of an import.
pub const IMPORT_LINE_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of a JSON body.
pub const JSON_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of one attachment.
pub const ATTACHMENT_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Characters of an attachment's name.
pub const ATTACHMENT_NAME_CHARS_MAX: usize = 255;
/// Attachments of one note.
pub const ATTACHMENTS_PER_NOTE_MAX: usize = 100;
/// Unfinished uploads of one person at one working label.
pub const UPLOADS_PER_PERSON_MAX: usize = 16;
/// Milliseconds after which an upload that is not finished is removed.
pub const UPLOAD_LIFE_MS_MAX: u64 = 7 * 24 * 3_600_000;
/// Milliseconds that an upload may stand still before its connection is given up; what came is kept.
pub const UPLOAD_STALL_MS_MAX: u64 = 60_000;
/// Bytes of content in one stored chunk; lengths, seal and version fit beside it in a value.
pub const CHUNK_BYTES: usize = 60 * 1024;
/// Chunks that are stored, and journalled, at once: what one upload holds in memory.
pub const UPLOAD_STEP_CHUNKS: usize = 16;
/// Chunks of a running download after which it is asked anew whether its reader may go on.
pub const DOWNLOAD_LOOK_CHUNKS: u64 = 16;
/// Contents that one person sends or receives at once at one working label.
pub const CONTENTS_AT_ONCE_MAX: usize = 8;
/// Bytes of content that one person may ask for in an hour at one working label.
pub const CONTENT_BYTES_PER_HOUR_MAX: u64 = 64 * 1024 * 1024 * 1024;
/// Things to be removed that one sweep looks at.
pub const SWEEP_ITEMS_MAX: usize = 64;
/// Rows that one sweep removes or writes: within one batch.
pub const SWEEP_ROWS_MAX: usize = 360;
/// Milliseconds between the deletion of a note and the sweep of its attachments: whoever was allowed to finish one is done.
pub const SWEEP_DELAY_MS: u64 = 60_000;
/// Request buckets held in memory before idle ones are forgotten.
pub const RATE_BUCKETS_MAX: usize = 100_000;

/// Bytes of a file that a command holds at once: keys, certificates, signed files.
pub const CLI_FILE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Refused items of an import shown on a terminal.
pub const CLI_REFUSALS_SHOWN_MAX: usize = 20;
/// Objects of one journal entry shown in a table.
pub const CLI_OBJECTS_SHOWN_MAX: usize = 3;
/// Journal entries asked for at once.
pub const JOURNAL_PAGE_ASKED: u64 = 200;
/// Bytes of items that an import sends in one part.
pub const IMPORT_PART_BYTES: usize = 32 * 1024;
/// Parts of an import read ahead of the network.
pub const IMPORT_PARTS_READ_MAX: usize = 16;
/// Milliseconds after which a STANAG label must be looked at again when nobody says otherwise: ten years.
pub const LABEL_REVIEW_MS: u64 = 3_652 * 24 * 3_600_000;
/// Bytes of the file of the machine's secret: 64 characters and a line end or two.
pub const MACHINE_SECRET_BYTES_MAX: usize = 80;
/// Milliseconds between two looks into the inbox of signed files: a revocation is in force within a second.
pub const INBOX_LOOK_MS: u64 = 250;
/// Milliseconds between two attempts to write again after the store failed.
pub const RECOVERY_PAUSE_MS: u64 = 1000;
/// Refused handshakes waiting to be journalled; more are counted in the log only.
pub const REFUSALS_WAITING_MAX: usize = 256;
/// Faults of a store that its verification remembers; all are counted.
pub const STORE_FAULTS_KEPT_MAX: usize = 1000;
/// Journal entries read at once from a store.
pub const JOURNAL_READ_ENTRIES: u16 = 256;

/// Bytes of a form: a note's body, three bytes a byte in its escaped form, and the other fields.
pub const FORM_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of the cookie's value.
pub const COOKIE_BYTES_MAX: usize = 3 * 1024;
/// How soon a review is worth telling on the home page: thirty days, in milliseconds.
pub const REVIEW_SOON_MS: u64 = 30 * 86_400_000;
/// Notes of the feed that the home page shows at once: with more, what stands beside them would make it too heavy.
pub const HOME_FEED_ROWS: usize = 30;
/// Mentions and reviews beside the feed.
pub const HOME_ASIDE_ROWS: usize = 8;
/// Templates of a space that the form of a new note offers.
pub const TEMPLATES_OFFERED_MAX: usize = 30;
/// Bytes of the head of a file that a form sends: its own fields, and what stands before the content.
pub const FORM_HEAD_BYTES_MAX: usize = 16 * 1024;
/// Times that one export of the journal looks at as many entries as one request of it may.
pub const JOURNAL_EXPORT_SCANS_MAX: usize = 4;
/// Entries whose hashes one verification on the journal's page computes anew; beyond it, a copy is verified.
pub const JOURNAL_VERIFIED_MAX: u64 = 1_000_000;
/// Conversations shown on a note's own page.
pub const TALKS_ON_NOTE_MAX: usize = 5;
/// Elements inside one another in the markup of a body; what is deeper loses its frame, not its words.
pub const MARKUP_DEPTH_MAX: usize = 32;
/// Bytes of the markup of a body; beyond it the source is shown.
pub const MARKUP_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Signs to escape in one text of the markup; a longer one is parted.
pub const MARKUP_ESCAPES_MAX: usize = 1024;
/// Characters of an attribute of the markup: alternative text, title, an address to copy.
pub const ATTRIBUTE_CHARS_MAX: usize = 2000;
/// Portion marks above the label that one warning lists.
pub const PORTIONS_TOLD_MAX: usize = 50;
/// Steps that the comparison of two bodies may take: some 10,000 lines or words that share nothing.
pub const DIFF_STEPS_MAX: usize = 100_000_000;
/// People that one text tells that it names them.
pub const TEXT_CALLS_MAX: usize = 20;
/// Drafts that one person has at once.
pub const DRAFTS_MAX: usize = 100;
/// Fields of a draft.
pub const DRAFT_FIELDS_MAX: usize = 200;
/// Bytes of all fields of a draft: a body, and the rest.
pub const DRAFT_BYTES_MAX: usize = 384 * 1024;

/// Bytes of content in one sealed page of an index.
pub const INDEX_PAGE_BYTES: usize = 16 * 1024;
/// Opened pages of indexes held in memory: 64 MiB.
pub const INDEX_PAGES_CACHED_MAX: usize = 4096;
/// Looks since the last use after which a page of the cache counts as used again: far fewer than pages are kept.
pub const INDEX_PAGE_RECENT_LOOKS: u64 = 512;
/// How much further a term may stand than the one before it: gaps between texts are smaller, and a position is no measure.
pub const INDEX_GAP_MAX: usize = 0xff;
/// Milliseconds that a reader of an index waits for the list of its files.
pub const INDEX_LOCK_MS_MAX: u64 = 10_000;
/// Bytes of an indexed word; the rest of a longer one is not indexed.
pub const INDEX_WORD_BYTES_MAX: usize = 64;
/// Bytes of a text by which its language is told.
pub const LANGUAGE_BYTES_READ: usize = 4 * 1024;
/// Parts of a German compound.
pub const COMPOUND_PARTS_MAX: usize = 3;
/// Words whose stems are kept while texts are indexed.
pub const STEMS_KEPT_MAX: usize = 50_000;
/// Bytes of an attachment's text that are indexed.
pub const INDEX_ATTACHMENT_BYTES_MAX: usize = 1024 * 1024;
/// Bytes that one index gathers in memory before it writes a segment; the least that the engine takes.
pub const INDEX_MEMORY_BYTES: usize = 24 * 1024 * 1024;
/// Objects below which segments of an index are merged as if they were alike.
pub const INDEX_SMALL_OBJECTS: u32 = 2000;
/// Indexes that are held ready for writing: each has threads and memory of its own.
pub const INDEX_WRITERS_MAX: usize = 4;
/// Milliseconds between two looks at what was written: found within a second of its commit.
pub const FOLLOW_LOOK_MS: u64 = 200;
/// Looks with nothing to follow, one behind the other, before the segments of an index become one: ten minutes.
pub const FOLLOW_QUIET_LOOKS: u32 = 3_000;
/// Milliseconds until the next look when one has failed.
pub const FOLLOW_RETRY_MS: u64 = 2_000;
/// Journal entries that one look follows.
pub const FOLLOWED_ENTRIES_MAX: u64 = 2048;
/// Entries that wrote rows and are remembered for the index.
pub const WRITES_REMEMBERED_MAX: usize = 65_536;
/// Rows that one step of a rebuilding reads.
pub const REINDEX_ROWS: usize = 1000;
/// Milliseconds that one step of a rebuilding may take before what was just written has its turn.
pub const REINDEX_STEP_MS: u64 = 300;
/// Bytes of a search.
pub const SEARCH_BYTES_MAX: usize = 4 * 1024;
/// Words of a search.
pub const SEARCH_WORDS_MAX: usize = 64;
/// Brackets inside one another in a search.
pub const SEARCH_DEPTH_MAX: usize = 16;
/// Letters before the `*` of a search.
pub const SEARCH_PREFIX_CHARS_MIN: usize = 2;
/// Searches and completions that are looked up at once, of all people; others wait for their turn.
pub const SEARCHES_AT_ONCE_MAX: usize = 4;
/// Steps of a search: objects of the words that it reads, counted over what its reader sees. A second or two of work.
pub const SEARCH_STEPS_MAX: u64 = 50_000_000;
/// Steps that it counts to look up one word in one space.
pub const SEARCH_LOOKUP_STEPS: u64 = 4;
/// Positions of words, or forms of words that a score compares, that count as one more step.
pub const SEARCH_GLANCES_PER_STEP: u64 = 8;
/// Walks over objects that go side by side; more are put together first.
pub const SEARCH_WALKS_MAX: usize = 8;
/// Objects that are looked up one by one; more are sought among all.
pub const SEARCH_OBJECTS_LOOKED_UP_MAX: usize = 64;
/// Results of one page of a search.
pub const SEARCH_ROWS_MAX: usize = 100;
/// Results of one page of a search when the request does not say.
pub const SEARCH_ROWS_DEFAULT: usize = 20;
/// Days, the present one included, over which a search counts what was changed.
pub const SEARCH_FACET_DAYS: [u64; 3] = [7, 31, 366];
/// Markings whose matches a search counts.
pub const SEARCH_FACET_MARKINGS_MAX: usize = 12;
/// Spaces whose matches a search counts by name.
pub const SEARCH_FACET_SPACES_MAX: usize = 8;
/// Rounds in which results that have gone meanwhile are replaced by the next ones.
pub const SEARCH_ROUNDS_MAX: usize = 8;
/// Characters of the sentence shown with a result.
pub const SNIPPET_CHARS_MAX: usize = 240;
/// Bytes of a text in which the sentence is sought.
pub const SNIPPET_BYTES_READ: usize = 64 * 1024;
/// Highlighted words of one sentence.
pub const HIGHLIGHTS_MAX: usize = 32;
/// Completions of one kind.
pub const SUGGESTIONS_MAX: usize = 8;
/// Words of a search that nothing answers for which a better spelling is looked up.
pub const SEARCH_CORRECTED_MAX: usize = 4;
/// Characters of a search shown on each side of what is wrong in it.
pub const SEARCH_FAULT_CHARS: usize = 48;
/// Words of one beginning among which completions are chosen; where there are more, none is offered.
pub const SUGGEST_WORDS_MAX: usize = 50_000;
/// People among the results.
pub const SEARCH_PEOPLE_MAX: usize = 5;
/// Bytes of the file that says how far the indexes are.
pub const INDEX_OWN_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Milliseconds between two looks of a command at how far a server's rebuilding is.
pub const REINDEX_ASK_MS: u64 = 200;
/// Milliseconds within which a running server begins a rebuilding that it is asked for.
pub const REINDEX_START_MS_MAX: u64 = 15_000;

/// Characters of a watch's name.
pub const WATCH_NAME_CHARS_MAX: usize = 200;
/// Watches that one person keeps for himself, of those that he sees where he works.
pub const WATCHES_OWN_MAX: usize = 30;
/// Watches of one space.
pub const WATCHES_SPACE_MAX: usize = 100;
/// Watches of one page of the list: each is asked anew.
pub const WATCHES_ROWS_MAX: usize = 20;
/// Watches that the home page asks.
pub const WATCHES_HOME_MAX: usize = 8;
/// New matches that are counted of one watch.
pub const WATCH_COUNT_MAX: usize = 20;
/// New matches of one watch that the home page shows.
pub const WATCH_HOME_MATCHES: usize = 3;
/// Matches, seen or not, beyond which a list does not count what is new of a watch.
pub const WATCH_WALKED_MAX: u64 = 200_000;
/// Watches of which one person remembers, at one label, what he has seen.
pub const WATCH_MARKS_MAX: usize = 1000;
/// Links between the root of a graph and the notes farthest from it.
pub const GRAPH_DEPTH_MAX: u8 = 3;
/// Notes of one graph: with its links and labels, they fit in one journal entry.
pub const GRAPH_NOTES_MAX: usize = 500;
/// Links of one graph.
pub const GRAPH_LINKS_MAX: usize = 1000;
/// Different labels of one graph; the words of one may take some 900 bytes.
pub const GRAPH_LABELS_MAX: usize = 32;
/// Links that the making of one graph looks at, of those that its reader sees.
pub const GRAPH_LINKS_LOOKED_MAX: usize = 10_000;
/// Notes and groups of one picture: of a larger graph, notes are drawn together.
pub const GRAPH_NOTES_DRAWN_MAX: usize = 150;
/// Notes that hang on one note by the same sort of link and are drawn as a grid.
pub const GRAPH_GRID_NOTES_MIN: usize = 9;
/// Different links by which a note of a group hangs on its neighbour.
pub const GRAPH_TIES_MAX: usize = 4;
/// Groups of one picture that are opened.
pub const GRAPH_GROUPS_OPEN_MAX: usize = 8;
/// Steps of a lineage.
pub const LINEAGE_DEPTH_MAX: u8 = 32;
/// Notes that a lineage goes back to.
pub const LINEAGE_NOTES_MAX: usize = 300;
/// Notes that the search for a path meets, of those that its reader sees.
pub const PATH_NOTES_MAX: usize = 4000;
/// Notes of a path, both ends included.
pub const PATH_STEPS_MAX: usize = 64;
/// Links that the search for a path looks at, of those that its reader sees.
pub const PATH_LINKS_LOOKED_MAX: usize = 10_000;
/// Notes of a space that are ranked by their links: those last changed.
pub const STANDING_NOTES_MAX: usize = 4000;
/// Links that a ranking looks at, of those that its reader sees.
pub const STANDING_LINKS_LOOKED_MAX: usize = 20_000;
/// Notes of one ranking.
pub const STANDING_ROWS_MAX: usize = 100;
/// Notes in one page of an export.
pub const EXPORT_NOTES_MAX: usize = 20;
/// Links of each note in a page of a space's export; further ones come with the note's own.
pub const EXPORT_LINKS_MAX: usize = 50;
/// Objects after which a page of an export takes no further note: one journal entry names them all.
pub const EXPORT_OBJECTS_MAX: usize = 1000;
/// How often an export looks again for what was changed while it read.
pub const EXPORT_ROUNDS_MAX: usize = 8;
/// How long an export waits, in milliseconds, when the server asks it to be slower; and how often for one request.
pub const EXPORT_WAIT_MS: u64 = 1000;
/// See [`EXPORT_WAIT_MS`].
pub const EXPORT_WAITS_MAX: u32 = 120;
/// Notes on one printed sheet of a space.
pub const PRINTED_NOTES_MAX: usize = 100;
