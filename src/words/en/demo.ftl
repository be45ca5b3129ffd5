demo-founding = Making the demonstration in { $file }: authority, two signers, signed configuration, four accounts.
demo-reopened = The demonstration in { $file } exists already: reopening it.
demo-half-made = { $file } holds something else, or a demonstration that was never finished: nothing was touched. Remove the folder, or choose another.
demo-refused = The server refused "{ $what }": { $status } { $code }.
demo-sample = The sample knowledge cannot be read: { $why }.
demo-loading = Loading the sample knowledge through the API
demo-loaded = Loaded through the API, each object by its author and at its marking: { $spaces } spaces, { $notes } notes, { $links } links, { $conversations } conversations.
demo-tour = GUIDED TOUR – the same questions, put by four people to the same API.
demo-row-question = Question
demo-row-working = Working level
demo-row-spaces = Which spaces are there?
demo-row-feed = What does the feed say?
demo-row-highest = … and its highest marking
demo-row-links = Links of an NP note ("Modules GaN")
demo-row-high = Open an S note of the same space, by its identifier
demo-row-nothing = Open an identifier that does not exist
demo-row-same-title = Notes bearing the title of that S note (analyste-dr has just reused it unknowingly)
demo-row-messages = Messages of an NP conversation
demo-row-people = Who are the others?
demo-row-journal = Read the journal
demo-cell-notes = { $count ->
    [0] no note
    [one] 1 note
   *[other] { $count } notes
}
demo-cell-links = outgoing { $out }, incoming { $in }
demo-cell-read = 200: "{ $title }"
demo-cell-messages = { $count ->
    [one] 1 message
   *[other] { $count } messages
}
demo-cell-entries = { $count ->
    [one] 1 entry
   *[other] { $count } entries on this page
}
demo-cell-refused = { $status } ({ $bytes } bytes)
demo-same-answer = { $name } cannot know that the world above exists: the S note and the identifier that does not exist give the same answer, same body, same size ({ $bytes } bytes).
demo-other-answer = FAULT: { $name } gets two different answers for what is refused and for what does not exist.
demo-journal = What the security officer sees of it: the refusals met by { $name }. The journal knows what the analyst does not, and holds neither title nor text.
demo-head-number = No.
demo-head-time = Time
demo-head-act = Act
demo-head-verdict = Verdict
demo-head-rule = Rule
demo-head-object = Object
demo-proof = Entry no. { $number } is proved to be in the signed journal of { $size } entries (C2SP tlog-proof, verifiable without this server).
demo-proof-failed = FAULT: entry no. { $number } is not proved.
demo-journal-whole = Journal recomputed from its { $size } leaves: root { $root } is the one that is signed.
demo-journal-broken = FAULT: the journal does not agree ({ $why }).
demo-at-rest = On the disk: { $texts } titles, names and sentences searched in { $files } files ({ $bytes } bytes) of store and journal; none can be read there.
demo-at-rest-found = FAULT: a text can be read in { $file }.
demo-go-on = To go on, in another terminal:
demo-stop = The server goes on; Ctrl-C stops it.
demo-faulty = The tour has shown { $count } fault(s), told above.
