cli-about = Vigie keeps what an organisation’s watchers learn, under classification markings.
cli-examples =
    vigie init --dir /srv/vigie --root root.toml --config config.toml \
      --cert server.pem --key server.key
    vigie serve --dir /srv/vigie --listen 0.0.0.0:8443
    vigie import stix attack.json --space ID --working DR \
      --server https://vigie:8443 --ca ca.pem --cert me.pem --key me.key
    vigie journal verify copy/ --key journal.vkey
cli-exits =
    Exit codes:
      0  done
      1  another failure
      2  wrong command line
      3  refused by policy, by the server or by the rules of signed files
      4  not found
      5  conflict: the place is taken, or the object has changed meanwhile
      6  integrity failure: not what was signed, sealed or journalled
      7  unavailable: the server or the store does not answer

    Results go to standard output, messages to standard error.
cli-help-usage = Usage:
cli-help-examples = Examples:
cli-help-commands = Commands
cli-help-command = COMMAND
cli-help-arguments = Arguments
cli-help-options = Options
cli-help-global = Common options
cli-help-default = (default: { $value })
cli-help-values = ({ $values })
cli-man-name = Name
cli-man-synopsis = Synopsis
cli-man-description = Description
cli-man-more = More
cli-arg-json = Write results as JSON, one document a line
cli-arg-lang = Language of the texts; without it, that of the terminal
cli-arg-no-color = No colours
cli-arg-help = Show this help
cli-arg-version = Show the version
cli-arg-dir = Folder of the deployment
cli-arg-server = Address of the server, https://host:port
cli-arg-ca = Certificates of the authorities that may vouch for the server
cli-arg-cert = Your certificate
cli-arg-key = Your private key
cli-arg-working = Working level, such as S/ALPHA/FRA; without it, the lowest
cli-arg-credential = File of the machine’s secret, when it is not in the folder (systemd credential)
cli-arg-passphrase-file = File with a custodian’s passphrase; “-” reads it from standard input
cli-arg-policy = Marking policy file that the configuration names (repeatable)
cli-arg-file = File to look at; its signatures lie beside it (.sig, .sig.1, …)
cli-arg-root = First signed root, for a deployment that does not exist yet
cli-arg-log-key = Verifier key of the journal (vkey) or a file that holds it; without it, the server’s word
cli-arg-space = Identifier of the space that receives the notes
cli-arg-object = Identifier of the object
cli-arg-builtin = Marking policy that comes with the product
cli-arg-policy-file = Another marking policy file
cli-arg-text = Marking, such as S/ALPHA/FRA,BEL, or JSON, or STANAG 4774 XML; “-” reads it from standard input
cli-arg-texts = Markings to join
cli-arg-authority = Folder of the authority
cli-arg-days = Days of validity
cli-arg-dns = DNS name of the server (repeatable)
cli-arg-ip = IP address of the server (repeatable)
cli-arg-out = Name of the files to write, without their ending .pem or .key
cli-init = Make a deployment from signed files
cli-init-arg-dir = Folder to make, or an empty one
cli-init-arg-root = First root, signed by its own people
cli-init-arg-config = First signed configuration
cli-init-arg-cert = Certificate of the server
cli-init-arg-key = Private key of the server
cli-serve = Open a deployment and answer until SIGTERM
cli-serve-arg-listen = Address and port to listen on
cli-serve-examples =
    vigie serve --dir /srv/vigie --listen 0.0.0.0:8443
    vigie serve --dir /srv/vigie --credential "$CREDENTIALS_DIRECTORY/vigie.secret"
cli-key = Show how a deployment is opened
cli-key-list = List the slots that lead to the root key
cli-status = Tell what the server knows you as, or the state of a stopped deployment
cli-config = Prepare, check and hand in signed files
cli-config-check = Check a file, and its signatures if it has some
cli-config-diff = Tell in words who gains and who loses what
cli-config-sign-request = Tell what each signer must read and type
cli-config-submit = Hand a sufficiently signed file to the server
cli-config-examples =
    vigie config diff config.toml --dir /srv/vigie
    ssh-keygen -Y sign -f ~/.ssh/id_ed25519_sk -n NAMESPACE config.toml
    vigie config submit config.toml --dir /srv/vigie
cli-journal = Verify, copy, read and prove the journal
cli-journal-verify = Verify a copy of the journal, from the first entry up to the signed root
cli-journal-verify-arg-folder = Folder of the copy
cli-journal-verify-arg-key = Verifier key of the journal (vkey), or a file that holds it
cli-journal-export = Copy the journal into a folder that any C2SP reader can verify
cli-journal-export-arg-to = Folder of the copy; an earlier copy in it is completed
cli-journal-show = Read the entries, newest first (security officer)
cli-journal-show-arg-account = Identifier of the account
cli-journal-show-arg-act = Act, such as note-read
cli-journal-show-arg-verdict = Verdict
cli-journal-show-arg-label = Marking that the entry names
cli-journal-show-arg-since = From this date on (YYYY-MM-DD or RFC 3339)
cli-journal-show-arg-until = Up to this date
cli-journal-show-arg-limit = Entries at most
cli-journal-prove = Write the proof that an entry is in the journal, and the sealed entry
cli-journal-prove-arg-number = Number of the entry
cli-journal-prove-arg-to = Folder to write into
cli-journal-who-read = List all entries that name an object, with their verdict (security officer)
cli-journal-examples =
    vigie journal export --dir /srv/vigie --to copy/
    vigie journal verify copy/ --key journal.vkey
    vigie journal show --verdict deny --since 2026-11-01 \
      --server https://vigie:8443 --ca ca.pem --cert me.pem --key me.key
cli-import = Import knowledge into a space, through a server
cli-import-stix = Import STIX 2.0 or 2.1 bundles
cli-import-stix-arg-files = STIX bundles
cli-import-markdown = Import a folder of Markdown files
cli-import-markdown-arg-folder = Folder to import
cli-arg-folders = What becomes of the folders: a tag for each; a space for each at the top, and tags below; or nothing
cli-arg-language = Language of what does not name its own; without it, guessed from its words, else that of the terminal
cli-import-misp = Import MISP galaxies, taxonomies and events
cli-import-misp-arg-paths = MISP files (JSON), or folders of them
cli-import-csv = Import a table (CSV), a note a row
cli-import-csv-arg-files = Tables
cli-import-csv-arg-mapping = File (TOML) that says what each column becomes
cli-import-feed = Import feeds saved as files: Atom, RSS, JSON Feed
cli-import-feed-arg-paths = Feeds, or folders of them
cli-import-html = Import pages saved from a browser, cleaned to Markdown
cli-import-html-arg-paths = Pages, or folders of them
cli-import-mail = Import mail saved as files (.eml)
cli-import-mail-arg-paths = Messages, or folders of them
cli-import-references = Import references: BibTeX, RIS
cli-import-references-arg-paths = Files of references (.bib, .ris), or folders of them
cli-arg-dry-run = Send nothing: tell what would become what, at which marking, in which space, and what would be dropped
cli-import-examples =
    vigie import stix attack.json --space ID --working DR \
      --server https://vigie:8443 --ca ca.pem --cert me.pem --key me.key
    vigie import markdown watch/ --space ID --working S/ALPHA \
      --server https://vigie:8443 --ca ca.pem --cert me.pem --key me.key
cli-store = Examines the store of a deployment, and rebuilds its indexes
cli-store-verify = Verify every row of the store against the signed journal, showing no content
cli-store-verify-arg-checkpoint = Signed checkpoint of this journal, kept elsewhere: all its entries must be here
cli-store-reindex = Rebuilds the search indexes from the store, also while the server answers
cli-label = Read, join and convert markings
cli-label-check = Tell whether a text is a marking, and what it says
cli-label-join = Give the marking of what holds all of these
cli-label-convert = Write a marking in another form
cli-label-convert-arg-to = Form wanted
cli-label-convert-arg-review = Date by which the STANAG label must be reviewed; without it, in ten years
cli-label-examples =
    vigie label check S/ALPHA/FRA,BEL
    vigie label join DR/FRA,BEL,DEU S/ALPHA/FRA,BEL
    vigie label convert S/ALPHA --to stanag
cli-pki = Small certificate authority, for a site that has none
cli-pki-new = Make the authority and its first revocation list
cli-pki-new-arg-name = Name of the authority
cli-pki-new-arg-years = Years of life
cli-pki-issue-server = Issue a server’s certificate, with its key
cli-pki-issue-client = Issue a person’s or a program’s certificate, with its key
cli-pki-issue-client-arg-name = Name of the person or program
cli-pki-sign = Sign a certificate request; the private key stays with whoever asks
cli-pki-sign-arg-request = Certificate request (PEM)
cli-pki-sign-arg-out = Certificate to write
cli-pki-crl = Publish the next revocation list
cli-pki-crl-arg-revoke = Certificate to revoke, or its serial number (repeatable)
cli-pki-crl-arg-days = Days until the next list is due
cli-pki-examples =
    vigie pki new --dir ca --name "Site authority"
    vigie pki issue-server --dir ca --dns vigie.example --ip 192.0.2.7 --out server
    vigie pki issue-client analyst-1 --dir ca
    vigie pki crl --dir ca --revoke analyst-1.pem
cli-completions = Write the completions of a shell
cli-completions-arg-shell = Shell
cli-man = Write the manual pages
cli-man-arg-dir = Folder to write them into
cli-usage =
    { $reason }
    Usage: { $usage }
cli-usage-unknown = “{ $word }” is not an option here.{ $hint }
cli-usage-command = “{ $word }” is not a command.{ $hint }
cli-usage-hint =  Did you mean “{ $word }”?
cli-usage-no-hint = { "" }
cli-usage-no-value = { $argument } needs a value.
cli-usage-value-of = “{ $value }” does not suit { $argument }. Allowed: { $values }.
cli-usage-value = “{ $value }” does not suit { $argument }.
cli-usage-missing = Missing: { $arguments }.
cli-usage-conflict = { $argument } and { $other } do not go together.
cli-usage-other = The command line is not understood: { $argument }
cli-say-error = vigie: { $reason }
cli-say-file-unreadable = { $file } cannot be read ({ $cause }).
cli-say-file-unwritable = { $file } cannot be written ({ $cause }).
cli-say-file-exists = { $file } exists already: it is not replaced.
cli-say-output = The output cannot be written ({ $cause }).
cli-say-bad-working = “{ $label }” cannot be a working level.
cli-say-bad-date = “{ $date }” is not a date: YYYY-MM-DD or RFC 3339.
cli-say-no-serial = “{ $word }” is neither a certificate nor a hexadecimal serial number.
cli-say-begun =
    Deployment { $deployment } made in { $folder }.
    Digest of the root, to be compared with its signers: { $root }
    Verifier key of the journal, for the inspectors: { $key }
    Next: vigie serve --dir { $folder }
cli-say-slot-machine = { $number }  the machine’s secret
cli-say-slot-passphrase = { $number }  the machine’s secret and a custodian’s passphrase
cli-say-slot-pair = { $number }  the machine’s secret and two custodians
cli-say-status =
    The server knows you as: { $display } ({ $name }, { $nation })
    Clearance: { $clearance }
    Working level: { $working }
    Roles: { $roles }
cli-say-no-role = none
cli-say-standing =
    Deployment { $deployment }
    Configuration { $epoch }, { $revocations } revocation(s) on top, { $force }
    Digest: { $digest }
    Signed by: { $signers }
    Configuration valid until { $expires }, root until { $root }
    Next revocation lists: { $lists }
    Accounts: { $accounts }
    Signed journal entries: { $entries }
cli-say-in-force = in force
cli-say-out-of-force = outside its dates: nobody gets in
cli-say-file-good = { $file } is good, and sufficiently signed ({ $signers }). SHA-256: { $digest }
cli-say-file-unsigned = { $file } is good; it still needs { $needed } signature(s). SHA-256: { $digest }
cli-say-no-change = This file changes nobody’s rights.
cli-say-sign-request =
    What this file changes:
    { $changes }

    SHA-256: { $digest }
    Signatures needed, of different people: { $needed }
    Each signer reads the above, then types:
      ssh-keygen -Y sign -f KEY -n { $namespace } { $file }
    and keeps the result as { $file }.sig.1, { $file }.sig.2, …
cli-say-submitted = { $file } is handed in, signed by { $signers }. The server applies it within a second; “vigie status --dir …” shows it.
cli-say-verifying = Verifying
cli-say-journal-whole = The journal is whole: { $entries } entries of { $origin }, root { $root }.
cli-say-exporting = Copying the journal
cli-say-exported =
    { $entries } entries copied to { $folder }.
    Verifier key: { $key }
    Next: vigie journal verify { $folder } --key …, with the key that the inspector has from elsewhere.
cli-say-exported-unkeyed =
    { $entries } entries copied to { $folder }, signature not verified.
    Next: vigie journal verify { $folder } --key …
cli-say-proved = Entry { $number }: proof in { $proof }, sealed entry in { $entry }.
cli-say-no-entry = The signed journal has { $entries } entries: there is no entry { $number } yet.
cli-say-no-entries = No entry matches.
cli-say-more-objects = (+{ $count })
cli-column-number = no.
cli-column-time = time (UTC)
cli-column-account = account
cli-column-act = act
cli-column-verdict = verdict
cli-column-rule = rule
cli-column-objects = objects
cli-say-importing = Import
cli-say-line-refused = Line { $line }, { $name }: { $detail } ({ $code })
cli-say-more-refused = … and { $count } more; “--json” shows them all.
cli-say-file-refused = File “{ $name }” of { $note }: { $detail } ({ $code })
cli-say-imported =
    Sent: { $sent }
      created: { $created }
      unchanged: { $unchanged }
      updated: { $updated }
      refused by the server: { $refused }
    Unreadable, not sent: { $unreadable }
    Repeated in the files, nothing lost: { $repeated }
    Left out by the rules of the format: { $left_out }
    Files of notes: { $attached } sent, { $attached_before } there already, { $refused_files } refused
cli-say-review =
    Review: nothing is sent.
    Space: { $space }
    Marking of every note, link and file: { $label }
cli-say-review-what = What
cli-say-review-source = From
cli-say-review-title = Title, other end or name
cli-say-review-tags = Tags, type or bytes
cli-say-review-note = note
cli-say-review-link = link
cli-say-review-file = file
cli-say-review-more = … and { $count } more; “--json” shows them all.
cli-say-review-folders-tags = Folders: { $count }, kept as tags
cli-say-review-folders-spaces = Folders: { $count }, kept as spaces, and as tags below the top
cli-say-review-folders-none = Folders: { $count }, dropped
cli-say-review-space-there = Space “{ $name }”: { $notes } note(s); it is there
cli-say-review-space-to-make = Space “{ $name }”: { $notes } note(s); it would be made
cli-say-review-space-several = Space “{ $name }”: { $notes } note(s); several bear this name, and the import would stop there
cli-say-review-across = Links between two spaces: { $count }, made after the notes
cli-say-space-unclear = Several of your spaces are called “{ $name }”: which one the folder means is not known. What was sent before stands.
cli-say-spaces-made = Spaces made for folders: { $count }
cli-say-review-totals =
    Would be sent: { $notes } notes, { $links } links, { $files } files ({ $bytes } bytes)
    Would be dropped: { $unreadable } that are no items, { $left_out } by the rules of the format
    Repeated in the files, nothing lost: { $repeated }
cli-say-unanswered = { $sent } items sent, { $answered } answered: run the same command again, it goes on from there.
cli-say-import-reading = The files could not be read to their end.
cli-say-authority-made =
    Authority made: { $certificate }
    Private key, to be kept safe: { $key }
    Revocation list { $crl }, to be renewed before { $until }
cli-say-issued =
    Certificate: { $certificate}
    Private key: { $key }
    Serial number: { $serial }
    Fingerprint of the key, for the configuration: { $fingerprint }
cli-say-signed =
    Certificate: { $certificate }
    Serial number: { $serial }
    Fingerprint of the key, for the configuration: { $fingerprint }
cli-say-crl-made = List { $number } written to { $file }: { $revoked } certificate(s) revoked, to be renewed before { $until }.
cli-say-pages = { $count } manual pages written to { $folder }.
cli-store-examples = vigie store verify --dir /srv/vigie
cli-say-verifying-journal = Verifying the journal
cli-say-verifying-rows = Verifying the rows
cli-say-reindexing = Rebuilding the indexes
cli-say-reindexed = Search indexes rebuilt.
cli-say-reindexed-serving = Search indexes rebuilt by the running server.
cli-say-store-whole =
    The store is as the signed journal says ({ $faulty } faults).
    Journal entries: { $entries }
    Objects: { $records }, old versions: { $revisions }
    Rows of lists: { $listed }, names: { $named }, chunks: { $chunks }
    Bodies opened, shown to nobody: { $bodies }, without key here: { $sealed }
cli-say-store-faulty =
    { $faulty } fault(s): the store is not as the signed journal says. Keep a copy of the folder for the inquiry, then restore the deployment from a backup.
    Journal entries: { $entries }
    Objects: { $records }, old versions: { $revisions }
    Rows of lists: { $listed }, names: { $named }, chunks: { $chunks }
    Bodies opened, shown to nobody: { $bodies }, without key here: { $sealed }
cli-fault-head = Length or root of the journal as the store notes it is not that of the entries.
cli-fault-tile = The tile { $path } is missing or does not follow from the entries.
cli-fault-entry = Entry { $number } of the journal does not open in its place.
cli-fault-contradiction = Entry { $number } gives other bytes to a version of the object { $id } that was journalled before.
cli-fault-sealed = Object { $id }: the header does not open in this place.
cli-fault-unknown = Object { $id }: the journal has never heard of it.
cli-fault-returned = Object { $id }: deleted according to the journal, and back.
cli-fault-stale = Object { $id }: version { $version } although version { $newest } was written. An old row was put back.
cli-fault-altered = Object { $id }, version { $version }: not the bytes that were journalled.
cli-fault-body = Object { $id }, version { $version }: the body does not open.
cli-fault-missing = Object { $id }: written according to the journal, never deleted, and absent.
cli-fault-listed = Object { $id }: a list shows version { $version }, which is not the object’s.
cli-fault-no-card = Note { $id }: missing from the list of its space.
cli-fault-row = Row { $row } of { $family }: not the one that entry { $number } of the journal wrote there. It was altered, or put back from an older copy.
cli-fault-gone = A row that entry { $number } of the journal wrote, and that none removed, is missing.
cli-fault-stray = Row { $row } of { $family }: no entry of the journal left it there, or it was not sealed for this place.
cli-demo = Set up a complete demonstration, fill it and guide through it
cli-demo-arg-dir = Folder of the demonstration
cli-demo-arg-port = Port on this machine; 0 takes a free one
cli-demo-arg-once = Stop after the tour
cli-demo-examples = vigie demo --dir trial --once
cli-bench = Measure Vigie against references, on this machine
cli-bench-arg-rows = Groups of rows wanted; all otherwise
cli-bench-arg-dir = Folder of the deployments that are measured, kept for the next time
cli-bench-arg-quick = Without the million of notes
cli-bench-arg-texts = Where paragraphs to search in come from: a file, one a line, or markdown:FOLDER, misp:PATH, stix:FILE; several times if need be; made up otherwise
cli-bench-arg-out = File of the table, as JSON
cli-bench-examples = vigie bench --quick read create
cli-arg-names = Copy of the signed configuration, to show the names of accounts
