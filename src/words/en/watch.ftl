watch-all = All matches
watch-all-watches = All watches
watch-broad = Too much matches to count here what is new: open the watch, or make its question narrower.
watch-broken = The question of this watch can no longer be read. { $why }
watch-by = By { $person }, { $day }
watch-delete = Delete the watch
watch-delete-effect = The watch is gone for everybody who follows it. The notes that it found stay where they are.
watch-delete-question = Delete this watch?
watch-edit = Change the watch
watch-empty = No watch at your working level
watch-empty-why = A watch keeps a search under a name and tells you what is new. It is yours alone, or shared in a space.
watch-fresh = new
watch-from-search = Keep this search as a watch
watch-in-feed = Watch: { $name }
watch-keep = Keep this watch
watch-lead = Searches that are kept under a name. The answer is sought for you each time, among what you may read at your working level.
watch-many = More than { $count } new
watch-matches = Matches
watch-missing = “{ $name }” names nothing that you see at your working level: a space that was renamed, deleted or left, somebody unknown here, or a marking above it. Nothing can be found there.
watch-new = New watch
watch-none = No match.
watch-nothing = Nothing new
watch-only-new = Only new ones
watch-own = For you alone
watch-question = Question
watch-question-why = As in a search: words, “a phrase”, -excluded, OR, beginning*, and keys such as in:, from:, tag:, type:, title:, after:.
watch-see = Mark as seen
watch-see-why = Up to the newest of these matches.
watch-share = Who follows it
watch-share-why = A shared watch belongs to the space: its members see it, and each finds in it only what he may read himself.
watch-some = { $count ->
    [one] { $count } new
   *[other] { $count } new
 }
watch-title = Watches
watch-will-be = This is your working level, and the watch will bear it: its name and its question are not read below.
watch-window = Watch
