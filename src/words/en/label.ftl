label-empty = No marking is given.
label-too-long = This marking is too long.
label-too-many-parts = A marking is written LEVEL/CATEGORIES/COUNTRIES: this one has too many parts.
label-empty-part = A word is missing between two separators of the marking.
label-unknown-level = “{ $word }” is not a level that you may use.
label-unknown-word = “{ $word }” is neither a category nor a country that you may use.
label-misplaced-word = “{ $word }” is out of place: first the level, then the categories, then the countries.
label-duplicate-word = “{ $word }” is written twice.
label-owner-missing = The list of countries must include { $owner }, the owner of the information.
label-under-minimum = { $category } requires at least the level { $minimum }.
label-owner-only = { $category } is for { $owner } alone: no other country may be named.
label-unknown-nation = “{ $word }” is not a country or organisation of the marking policy.
label-nation-missing = The working level must be releasable to { $nation }, your country: add it to the list.
label-clearance-releasable = A clearance names no country: nationality is given apart.
label-policy-malformed = Marking policy cannot be read, line { $line }: { $reason }.
label-policy-too-many = The marking policy exceeds its limit: { $maximum } { $counted } at most.
label-policy-counted-bytes = bytes
label-policy-counted-levels = levels
label-policy-counted-categories = categories
label-policy-counted-releasability = countries or organisations
label-policy-counted-aliases = other names
label-policy-bad-id = “{ $word }” is not a policy identifier: lower-case letters, digits and hyphens.
label-policy-bad-oid = “{ $word }” is not an object identifier (OID).
label-policy-bad-version = “{ $word }” is not a date YYYY-MM-DD.
label-policy-no-level = The marking policy has no level.
label-policy-bad-code = “{ $word }” is not a code: capitals, digits and + - . : _, at most 24 signs.
label-policy-reserved-code = “{ $word }” is reserved for the writing of markings.
label-policy-ambiguous-word = “{ $word }” would have two meanings.
label-policy-same-rank = The level { $word } has the rank of another level.
label-policy-same-classification = Two levels bear the STANAG classification “{ $word }”.
label-policy-bad-name = “{ $word }” is not a name: it is empty, too long or holds a control character.
label-policy-bad-colour = “{ $word }” is not a colour #rrggbb in lower case.
label-policy-unknown-owner = The owner “{ $word }” is not among the countries and organisations.
label-policy-unknown-minimum = The minimum level “{ $word }” does not exist.
label-policy-unknown-inclusion = The included category “{ $word }” does not exist.
label-policy-circular-inclusion = The category { $word } includes itself.
label-policy-unknown-alias-target = Another name refers to “{ $word }”, which is not a code.
label-policy-bad-alias = “{ $word }” cannot be another name: a slash, a comma or a space at an end.
label-policy-partners-unshown = The policy names partners without saying how the marking shows them (display.releasable).
label-policy-same-tag = The two STANAG tags bear one name, “{ $word }”.
label-stanag-too-long = This STANAG label exceeds 64 KiB.
label-stanag-too-deep = This STANAG label nests too many elements.
label-stanag-doctype = This STANAG label holds a DOCTYPE declaration, which is not allowed.
label-stanag-instruction = This STANAG label holds a processing instruction, which is not allowed.
label-stanag-cdata = This STANAG label holds a CDATA section, which is not allowed.
label-stanag-entity = This STANAG label uses an unknown entity.
label-stanag-character = This STANAG label holds a character that XML forbids.
label-stanag-encoding = This STANAG label is not XML 1.0 in UTF-8.
label-stanag-prefix = This STANAG label uses a prefix without a namespace.
label-stanag-malformed = This text is not well-formed XML.
label-stanag-wrong-root = The root element “{ $word }” is not a STANAG 4774 originatorConfidentialityLabel.
label-stanag-unexpected = “{ $word }” is not expected here in a STANAG label.
label-stanag-missing = The STANAG label lacks { $name }.
label-stanag-bad-date = “{ $word }” is not a date with time and time zone.
label-stanag-wrong-policy = This marking is of another policy, “{ $word }”.
label-stanag-unknown-classification = “{ $word }” is not a classification of this policy.
label-stanag-bad-type = “{ $word }” is not a type of category: RESTRICTIVE, PERMISSIVE or INFORMATIVE.
label-stanag-unknown-tag = The category “{ $word }” restricts access in a way that this policy does not know.
label-stanag-wrong-tag-type = The category “{ $word }” does not have the type that this policy provides.
label-stanag-same-tag-twice = The category “{ $word }” stands there twice.
label-stanag-context-missing = The STANAG label lacks the context “{ $word }”.
label-unknown-policy = “{ $word }” is not a marking policy that comes with the product. Those that do: { $known }.
label-no-json = This text is not a marking in JSON.
label-nothing-to-join = Give at least one marking to join.
label-no-category = none
label-checked =
    Marking allowed by the policy { $policy }.
    In full: { $marking }
    Portion mark: { $portion }
    Level: { $level }
    Categories: { $categories }
    Releasable to: { $releasable }
    Written: { $text }
