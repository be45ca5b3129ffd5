label-empty = Aucune mention n’est donnée.
label-too-long = Cette mention est trop longue.
label-too-many-parts = Une mention s’écrit NIVEAU/CATÉGORIES/PAYS : celle-ci a trop de parties.
label-empty-part = Il manque un mot entre deux séparateurs de la mention.
label-unknown-level = « { $word } » n’est pas un niveau que vous pouvez employer.
label-unknown-word = « { $word } » n’est ni une catégorie ni un pays que vous pouvez employer.
label-misplaced-word = « { $word } » n’est pas à sa place : le niveau d’abord, puis les catégories, puis les pays.
label-duplicate-word = « { $word } » est écrit deux fois.
label-owner-missing = La liste des pays doit comprendre { $owner }, à qui appartient l’information.
label-under-minimum = { $category } exige au moins le niveau { $minimum }.
label-owner-only = { $category } est réservé à { $owner } : aucun autre pays ne peut être nommé.
label-unknown-nation = « { $word } » n’est pas un pays ou une organisation de la politique de marquage.
label-nation-missing = Le niveau de travail doit être communicable à { $nation }, votre pays : ajoutez-le à la liste.
label-clearance-releasable = Une habilitation ne nomme pas de pays : la nationalité se donne à part.
label-policy-malformed = Politique de marquage illisible, ligne { $line } : { $reason }.
label-policy-too-many = La politique de marquage dépasse sa limite : { $maximum } { $counted } au plus.
label-policy-counted-bytes = octets
label-policy-counted-levels = niveaux
label-policy-counted-categories = catégories
label-policy-counted-releasability = pays ou organisations
label-policy-counted-aliases = autres noms
label-policy-bad-id = « { $word } » n’est pas un identifiant de politique : minuscules, chiffres et traits d’union.
label-policy-bad-oid = « { $word } » n’est pas un identifiant d’objet (OID).
label-policy-bad-version = « { $word } » n’est pas une date AAAA-MM-JJ.
label-policy-no-level = La politique de marquage n’a aucun niveau.
label-policy-bad-code = « { $word } » n’est pas un code : capitales, chiffres et + - . : _, 24 signes au plus.
label-policy-reserved-code = « { $word } » est réservé à l’écriture des mentions.
label-policy-ambiguous-word = « { $word } » aurait deux sens.
label-policy-same-rank = Le niveau { $word } a le rang d’un autre niveau.
label-policy-same-classification = Deux niveaux portent la classification STANAG « { $word } ».
label-policy-bad-name = « { $word } » n’est pas un nom : il est vide, trop long ou contient un signe de commande.
label-policy-bad-colour = « { $word } » n’est pas une couleur #rrvvbb en minuscules.
label-policy-unknown-owner = Le propriétaire « { $word } » ne figure pas parmi les pays et organisations.
label-policy-unknown-minimum = Le niveau minimal « { $word } » n’existe pas.
label-policy-unknown-inclusion = La catégorie comprise « { $word } » n’existe pas.
label-policy-circular-inclusion = La catégorie { $word } se comprend elle-même.
label-policy-unknown-alias-target = Un autre nom renvoie à « { $word } », qui n’est pas un code.
label-policy-bad-alias = « { $word } » ne peut pas être un autre nom : une barre, une virgule ou une espace au bord.
label-policy-partners-unshown = La politique nomme des partenaires sans dire comment la mention les montre (display.releasable).
label-policy-same-tag = Les deux étiquettes STANAG portent le même nom, « { $word } ».
label-stanag-too-long = Cette mention STANAG dépasse 64 kio.
label-stanag-too-deep = Cette mention STANAG imbrique trop d’éléments.
label-stanag-doctype = Cette mention STANAG contient une déclaration DOCTYPE, qui n’est pas admise.
label-stanag-instruction = Cette mention STANAG contient une instruction de traitement, qui n’est pas admise.
label-stanag-cdata = Cette mention STANAG contient une section CDATA, qui n’est pas admise.
label-stanag-entity = Cette mention STANAG emploie une entité inconnue.
label-stanag-character = Cette mention STANAG contient un caractère interdit en XML.
label-stanag-encoding = Cette mention STANAG n’est pas du XML 1.0 en UTF-8.
label-stanag-prefix = Cette mention STANAG emploie un préfixe sans espace de noms.
label-stanag-malformed = Ce texte n’est pas du XML bien formé.
label-stanag-wrong-root = L’élément racine « { $word } » n’est pas un originatorConfidentialityLabel STANAG 4774.
label-stanag-unexpected = « { $word } » n’est pas attendu ici dans une mention STANAG.
label-stanag-missing = Il manque { $name } à la mention STANAG.
label-stanag-bad-date = « { $word } » n’est pas une date avec heure et fuseau.
label-stanag-wrong-policy = Cette mention relève d’une autre politique, « { $word } ».
label-stanag-unknown-classification = « { $word } » n’est pas une classification de cette politique.
label-stanag-bad-type = « { $word } » n’est pas un type de catégorie : RESTRICTIVE, PERMISSIVE ou INFORMATIVE.
label-stanag-unknown-tag = La catégorie « { $word } » restreint l’accès d’une façon que cette politique ne connaît pas.
label-stanag-wrong-tag-type = La catégorie « { $word } » n’a pas le type que prévoit cette politique.
label-stanag-same-tag-twice = La catégorie « { $word } » figure deux fois.
label-stanag-context-missing = Il manque le contexte « { $word } » à la mention STANAG.
label-unknown-policy = « { $word } » n’est pas une politique de marquage fournie. Politiques fournies : { $known }.
label-no-json = Ce texte n’est pas une mention en JSON.
label-nothing-to-join = Donnez au moins une mention à réunir.
label-no-category = aucune
label-checked =
    Mention admise par la politique { $policy }.
    En toutes lettres : { $marking }
    Marque de paragraphe : { $portion }
    Niveau : { $level }
    Catégories : { $categories }
    Communicable à : { $releasable }
    Écriture : { $text }
