search-address = This address is that of a search made at another working level, or by somebody else: ask the question again.
search-again = Try again
search-all = Everything
search-by-date = date
search-by-grade = grade
search-by-relevance = relevance
search-count = { $count ->
    [0] No result
    [one] { $count } result at your level
   *[other] { $count } results at your level
}
search-do = Search
search-field = Words to look for
search-for = Search for “{ $words }” everywhere
search-found-attachment = Attachment
search-found-link = Link
search-found-message = Message
search-help = How to search
search-help-after = Changed after this date: YYYY-MM-DD, YYYY-MM or YYYY
search-help-before = Changed before this date; on: (le:) for the very day, month or year
search-help-begins = Words that begin so
search-help-from = Written by this person; from:me for what you wrote
search-help-grade = Grade: B, 2 or B2
search-help-in = In the space of this name; in quotation marks if it has several words
search-help-lang = In this language: fr, en or de
search-help-link = Linked notes, by type of link or by title: link:uses, link:"Title"
search-help-or = One or the other; brackets group
search-help-phrase = These words one after the other
search-help-tag = With this tag
search-help-title = In the title
search-help-type = note, link, conversation, message, attachment, space, watch, synthesis, idea, question, task or template
search-help-without = Without this word
search-help-words = All these words, in all their forms, with or without accents
search-kinds = Kind
search-kinds-why = The numbers count only what you can read.
search-lead = The search covers what you can read at { $marking }.
search-next = Next results
search-none = Nothing answers this search
search-none-else = Nothing else answers this search.
search-none-label = Only what you can read at this working level was looked at.
search-none-why = Try fewer words, another spelling, or the beginning of a word followed by an asterisk.
search-refine = Refine
search-sort = Sort by:
search-spelling = Did you mean
search-tag = tag
search-title = Search
