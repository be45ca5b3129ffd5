cli-about = Vigie garde ce que les veilleurs d’une organisation apprennent, sous mentions de classification.
cli-examples =
    vigie init --dir /srv/vigie --root root.toml --config config.toml \
      --cert serveur.pem --key serveur.key
    vigie serve --dir /srv/vigie --listen 0.0.0.0:8443
    vigie import stix attaque.json --space ID --working DR \
      --server https://vigie:8443 --ca ca.pem --cert moi.pem --key moi.key
    vigie journal verify copie/ --key journal.vkey
cli-exits =
    Codes de retour :
      0  fait
      1  autre échec
      2  ligne de commande erronée
      3  refusé par la politique, par le serveur ou par les règles des fichiers signés
      4  introuvable
      5  conflit : la place est prise, ou l’objet a changé entre-temps
      6  atteinte à l’intégrité : ce n’est pas ce qui a été signé, scellé ou journalisé
      7  indisponible : le serveur ou le stockage ne répond pas

    Résultats sur la sortie standard, messages sur la sortie d’erreur.
cli-help-usage = Utilisation :
cli-help-examples = Exemples :
cli-help-commands = Commandes 
cli-help-command = COMMANDE
cli-help-arguments = Arguments 
cli-help-options = Options 
cli-help-global = Options communes 
cli-help-default = (par défaut : { $value })
cli-help-values = ({ $values })
cli-man-name = Nom
cli-man-synopsis = Synopsis
cli-man-description = Description
cli-man-more = Compléments
cli-arg-json = Écrit les résultats en JSON, un document par ligne
cli-arg-lang = Langue des textes ; sans elle, celle du terminal
cli-arg-no-color = Aucune couleur
cli-arg-help = Affiche cette aide
cli-arg-version = Affiche la version
cli-arg-dir = Dossier du déploiement
cli-arg-server = Adresse du serveur, https://hôte:port
cli-arg-ca = Certificats des autorités qui peuvent se porter garantes du serveur
cli-arg-cert = Votre certificat
cli-arg-key = Votre clé privée
cli-arg-working = Niveau de travail, par exemple S/ALPHA/FRA ; sans lui, le plus bas
cli-arg-credential = Fichier du secret de la machine, s’il n’est pas dans le dossier (« credential » de systemd)
cli-arg-passphrase-file = Fichier qui contient la phrase de passe d’un détenteur ; « - » la lit sur l’entrée standard
cli-arg-policy = Fichier de politique de marquage que la configuration nomme (répétable)
cli-arg-file = Fichier à examiner ; ses signatures sont à côté (.sig, .sig.1, …)
cli-arg-root = Première racine signée, pour un déploiement qui n’existe pas encore
cli-arg-log-key = Clé de vérification du journal (vkey) ou fichier qui la contient ; sans elle, la parole du serveur
cli-arg-space = Identifiant de l’espace qui reçoit les notes
cli-arg-object = Identifiant de l’objet
cli-arg-builtin = Politique de marquage fournie
cli-arg-policy-file = Autre fichier de politique de marquage
cli-arg-text = Mention, par exemple S/ALPHA/FRA,BEL, ou JSON, ou XML STANAG 4774 ; « - » la lit sur l’entrée standard
cli-arg-texts = Mentions à réunir
cli-arg-authority = Dossier de l’autorité
cli-arg-days = Durée de validité, en jours
cli-arg-dns = Nom DNS du serveur (répétable)
cli-arg-ip = Adresse IP du serveur (répétable)
cli-arg-out = Nom des fichiers à écrire, sans leur fin .pem ou .key
cli-init = Crée un déploiement à partir de fichiers signés
cli-init-arg-dir = Dossier à créer, ou vide
cli-init-arg-root = Première racine, signée par ses propres membres
cli-init-arg-config = Première configuration signée
cli-init-arg-cert = Certificat du serveur
cli-init-arg-key = Clé privée du serveur
cli-serve = Ouvre un déploiement et répond jusqu’à SIGTERM
cli-serve-arg-listen = Adresse et port d’écoute
cli-serve-examples =
    vigie serve --dir /srv/vigie --listen 0.0.0.0:8443
    vigie serve --dir /srv/vigie --credential "$CREDENTIALS_DIRECTORY/vigie.secret"
cli-key = Montre comment un déploiement s’ouvre
cli-key-list = Liste les emplacements qui mènent à la clé racine
cli-status = Dit ce que le serveur vous reconnaît, ou l’état d’un déploiement arrêté
cli-config = Prépare, vérifie et dépose les fichiers signés
cli-config-check = Vérifie un fichier, et ses signatures s’il en a
cli-config-diff = Dit en mots qui gagne et qui perd quoi
cli-config-sign-request = Dit ce que chaque signataire doit lire et taper
cli-config-submit = Dépose un fichier assez signé dans la boîte du serveur
cli-config-examples =
    vigie config diff config.toml --dir /srv/vigie
    ssh-keygen -Y sign -f  /.ssh/id_ed25519_sk -n ESPACE config.toml
    vigie config submit config.toml --dir /srv/vigie
cli-journal = Vérifie, copie, lit et prouve le journal
cli-journal-verify = Vérifie une copie du journal, de la première entrée à la racine signée
cli-journal-verify-arg-folder = Dossier de la copie
cli-journal-verify-arg-key = Clé de vérification du journal (vkey), ou fichier qui la contient
cli-journal-export = Copie le journal dans un dossier que tout lecteur C2SP sait vérifier
cli-journal-export-arg-to = Dossier de la copie ; une copie plus ancienne y est complétée
cli-journal-show = Lit les entrées, les plus récentes d’abord (officier de sécurité)
cli-journal-show-arg-account = Identifiant du compte
cli-journal-show-arg-act = Acte, par exemple note-read
cli-journal-show-arg-verdict = Verdict
cli-journal-show-arg-label = Mention nommée par l’entrée
cli-journal-show-arg-since = À partir de cette date (AAAA-MM-JJ ou RFC 3339)
cli-journal-show-arg-until = Jusqu’à cette date
cli-journal-show-arg-limit = Nombre d’entrées au plus
cli-journal-prove = Écrit la preuve qu’une entrée est au journal, et l’entrée scellée
cli-journal-prove-arg-number = Numéro de l’entrée
cli-journal-prove-arg-to = Dossier où écrire
cli-journal-who-read = Liste toutes les entrées qui nomment un objet, avec leur verdict (officier de sécurité)
cli-journal-examples =
    vigie journal export --dir /srv/vigie --to copie/
    vigie journal verify copie/ --key journal.vkey
    vigie journal show --verdict deny --since 2026-11-01 \
      --server https://vigie:8443 --ca ca.pem --cert moi.pem --key moi.key
cli-import = Importe des connaissances dans un espace, par un serveur
cli-import-stix = Importe des paquets STIX 2.0 ou 2.1
cli-import-stix-arg-files = Paquets STIX
cli-import-markdown = Importe un dossier de fichiers Markdown
cli-import-markdown-arg-folder = Dossier à importer
cli-arg-folders = Ce que deviennent les dossiers : une étiquette chacun ; un espace pour chaque dossier de premier niveau, et des étiquettes en dessous ; ou rien
cli-arg-language = Langue de ce qui n’indique pas la sienne ; sans elle, déduite des mots, à défaut celle du terminal
cli-import-misp = Importe des galaxies, taxonomies et événements MISP
cli-import-misp-arg-paths = Fichiers MISP (JSON), ou dossiers qui en contiennent
cli-import-csv = Importe un tableau (CSV), une note par ligne
cli-import-csv-arg-files = Tableaux
cli-import-csv-arg-mapping = Fichier (TOML) qui dit ce que devient chaque colonne
cli-import-feed = Importe des flux enregistrés en fichiers : Atom, RSS, JSON Feed
cli-import-feed-arg-paths = Flux, ou dossiers qui en contiennent
cli-import-html = Importe des pages enregistrées par un navigateur, nettoyées en Markdown
cli-import-html-arg-paths = Pages, ou dossiers qui en contiennent
cli-import-mail = Importe des courriels enregistrés en fichiers (.eml)
cli-import-mail-arg-paths = Courriels, ou dossiers qui en contiennent
cli-import-references = Importe des références : BibTeX, RIS
cli-import-references-arg-paths = Fichiers de références (.bib, .ris), ou dossiers qui en contiennent
cli-arg-dry-run = N’envoie rien : dit ce qui deviendrait quoi, à quelle mention, dans quel espace, et ce qui serait laissé
cli-import-examples =
    vigie import stix attaque.json --space ID --working DR \
      --server https://vigie:8443 --ca ca.pem --cert moi.pem --key moi.key
    vigie import markdown veille/ --space ID --working S/ALPHA \
      --server https://vigie:8443 --ca ca.pem --cert moi.pem --key moi.key
cli-store = Examine le stockage d’un déploiement, et refait ses index
cli-store-verify = Vérifie chaque ligne du stockage contre le journal signé, sans en montrer le contenu
cli-store-verify-arg-checkpoint = Point de contrôle signé de ce journal, gardé ailleurs : toutes ses entrées doivent être là
cli-store-reindex = Refait les index de recherche à partir du stockage, même pendant que le serveur répond
cli-label = Lit, réunit et convertit les mentions
cli-label-check = Dit si un texte est une mention, et ce qu’elle signifie
cli-label-join = Donne la mention de ce qui contient toutes celles-là
cli-label-convert = Écrit une mention sous une autre forme
cli-label-convert-arg-to = Forme voulue
cli-label-convert-arg-review = Date à laquelle la mention STANAG devra être revue ; sans elle, dans dix ans
cli-label-examples =
    vigie label check S/ALPHA/FRA,BEL
    vigie label join DR/FRA,BEL,DEU S/ALPHA/FRA,BEL
    vigie label convert S/ALPHA --to stanag
cli-pki = Petite autorité de certification, pour un site qui n’en a pas
cli-pki-new = Crée l’autorité et sa première liste de révocation
cli-pki-new-arg-name = Nom de l’autorité
cli-pki-new-arg-years = Durée de vie, en années
cli-pki-issue-server = Émet le certificat d’un serveur, avec sa clé
cli-pki-issue-client = Émet le certificat d’une personne ou d’un programme, avec sa clé
cli-pki-issue-client-arg-name = Nom de la personne ou du programme
cli-pki-sign = Signe une demande de certificat ; la clé privée reste chez le demandeur
cli-pki-sign-arg-request = Demande de certificat (PEM)
cli-pki-sign-arg-out = Certificat à écrire
cli-pki-crl = Publie la liste de révocation suivante
cli-pki-crl-arg-revoke = Certificat à révoquer, ou son numéro de série (répétable)
cli-pki-crl-arg-days = Jours jusqu’à la prochaine liste, au plus tard
cli-pki-examples =
    vigie pki new --dir ca --name "Autorité du site"
    vigie pki issue-server --dir ca --dns vigie.example --ip 192.0.2.7 --out serveur
    vigie pki issue-client analyste-1 --dir ca
    vigie pki crl --dir ca --revoke analyste-1.pem
cli-completions = Écrit les complétions d’un interpréteur de commandes
cli-completions-arg-shell = Interpréteur
cli-man = Écrit les pages de manuel
cli-man-arg-dir = Dossier où les écrire
cli-usage =
    { $reason }
    Utilisation : { $usage }
cli-usage-unknown = « { $word } » n’est pas une option d’ici.{ $hint }
cli-usage-command = « { $word } » n’est pas une commande.{ $hint }
cli-usage-hint =  Vouliez-vous dire « { $word } » ?
cli-usage-no-hint = { "" }
cli-usage-no-value = Il manque une valeur à { $argument }.
cli-usage-value-of = « { $value } » ne convient pas à { $argument }. Valeurs admises : { $values }.
cli-usage-value = « { $value } » ne convient pas à { $argument }.
cli-usage-missing = Il manque : { $arguments }.
cli-usage-conflict = { $argument } et { $other } ne vont pas ensemble.
cli-usage-other = La ligne de commande n’est pas comprise : { $argument }
cli-say-error = vigie : { $reason }
cli-say-file-unreadable = { $file } ne peut pas être lu ({ $cause }).
cli-say-file-unwritable = { $file } ne peut pas être écrit ({ $cause }).
cli-say-file-exists = { $file } existe déjà : il n’est pas remplacé.
cli-say-output = La sortie ne peut pas être écrite ({ $cause }).
cli-say-bad-working = « { $label } » ne peut pas être un niveau de travail.
cli-say-bad-date = « { $date } » n’est pas une date : AAAA-MM-JJ ou RFC 3339.
cli-say-no-serial = « { $word } » n’est ni un certificat ni un numéro de série hexadécimal.
cli-say-begun =
    Déploiement { $deployment } créé dans { $folder }.
    Empreinte de la racine, à comparer avec ses signataires : { $root }
    Clé de vérification du journal, à remettre aux inspecteurs : { $key }
    Ensuite : vigie serve --dir { $folder }
cli-say-slot-machine = { $number }  secret de la machine
cli-say-slot-passphrase = { $number }  secret de la machine et phrase de passe d’un détenteur
cli-say-slot-pair = { $number }  secret de la machine et deux détenteurs
cli-say-status =
    Le serveur vous reconnaît : { $display } ({ $name }, { $nation })
    Habilitation : { $clearance }
    Niveau de travail : { $working }
    Fonctions : { $roles }
cli-say-no-role = aucune
cli-say-standing =
    Déploiement { $deployment }
    Configuration { $epoch }, { $revocations } révocation(s) par-dessus, { $force }
    Empreinte : { $digest }
    Signée par : { $signers }
    Configuration valable jusqu’au { $expires }, racine jusqu’au { $root }
    Prochaines listes de révocation : { $lists }
    Comptes : { $accounts }
    Entrées signées du journal : { $entries }
cli-say-in-force = en vigueur
cli-say-out-of-force = hors de ses dates : personne n’entre
cli-say-file-good = { $file } est bon, et assez signé ({ $signers }). SHA-256 : { $digest }
cli-say-file-unsigned = { $file } est bon ; il lui faut encore { $needed } signature(s). SHA-256 : { $digest }
cli-say-no-change = Ce fichier ne change les droits de personne.
cli-say-sign-request =
    Ce que ce fichier change :
    { $changes }

    SHA-256 : { $digest }
    Signatures nécessaires, de personnes différentes : { $needed }
    Chaque signataire lit ce qui précède, puis tape :
      ssh-keygen -Y sign -f CLÉ -n { $namespace } { $file }
    et range le résultat sous { $file }.sig.1, { $file }.sig.2, …
cli-say-submitted = { $file } est déposé, signé par { $signers }. Le serveur l’applique dans la seconde ; « vigie status --dir … » le montre.
cli-say-verifying = Vérification
cli-say-journal-whole = Le journal est intact : { $entries } entrées de { $origin }, racine { $root }.
cli-say-exporting = Copie du journal
cli-say-exported =
    { $entries } entrées copiées dans { $folder }.
    Clé de vérification : { $key }
    Ensuite : vigie journal verify { $folder } --key …, avec la clé que l’inspecteur tient d’ailleurs.
cli-say-exported-unkeyed =
    { $entries } entrées copiées dans { $folder }, signature non vérifiée.
    Ensuite : vigie journal verify { $folder } --key …
cli-say-proved = Entrée { $number } : preuve dans { $proof }, entrée scellée dans { $entry }.
cli-say-no-entry = Le journal signé compte { $entries } entrées : il n’y a pas encore d’entrée { $number }.
cli-say-no-entries = Aucune entrée ne répond à ces critères.
cli-say-more-objects = (+{ $count })
cli-column-number = nᵒ
cli-column-time = heure (UTC)
cli-column-account = compte
cli-column-act = acte
cli-column-verdict = verdict
cli-column-rule = règle
cli-column-objects = objets
cli-say-importing = Import
cli-say-line-refused = Ligne { $line }, { $name } : { $detail } ({ $code })
cli-say-more-refused = … et { $count } autres refus ; « --json » les montre tous.
cli-say-file-refused = Fichier « { $name } » de { $note } : { $detail } ({ $code })
cli-say-imported =
    Envoyés : { $sent }
      créés : { $created }
      inchangés : { $unchanged }
      modifiés : { $updated }
      refusés par le serveur : { $refused }
    Illisibles, non envoyés : { $unreadable }
    Répétés dans les fichiers, sans perte : { $repeated }
    Laissés de côté par les règles du format : { $left_out }
    Fichiers des notes : { $attached } envoyés, { $attached_before } déjà présents, { $refused_files } refusés
cli-say-review =
    Examen : rien n’est envoyé.
    Espace : { $space }
    Mention de chaque note, lien et fichier : { $label }
cli-say-review-what = Quoi
cli-say-review-source = De
cli-say-review-title = Titre, autre extrémité ou nom
cli-say-review-tags = Étiquettes, type ou octets
cli-say-review-note = note
cli-say-review-link = lien
cli-say-review-file = fichier
cli-say-review-more = … et { $count } autres ; « --json » les montre tous.
cli-say-review-folders-tags = Dossiers : { $count }, conservés comme étiquettes
cli-say-review-folders-spaces = Dossiers : { $count }, conservés comme espaces, et comme étiquettes sous le premier niveau
cli-say-review-folders-none = Dossiers : { $count }, laissés
cli-say-review-space-there = Espace « { $name } » : { $notes } note(s) ; il existe déjà
cli-say-review-space-to-make = Espace « { $name } » : { $notes } note(s) ; il serait créé
cli-say-review-space-several = Espace « { $name } » : { $notes } note(s) ; plusieurs portent ce nom, l’import s’y arrêterait
cli-say-review-across = Liens entre deux espaces : { $count }, créés après les notes
cli-say-space-unclear = Plusieurs de vos espaces s’appellent « { $name } » : impossible de savoir lequel le dossier désigne. Ce qui a été envoyé avant reste acquis.
cli-say-spaces-made = Espaces créés pour les dossiers : { $count }
cli-say-review-totals =
    Seraient envoyés : { $notes } notes, { $links } liens, { $files } fichiers ({ $bytes } octets)
    Seraient laissés : { $unreadable } qui ne sont pas des éléments, { $left_out } par les règles du format
    Répétés dans les fichiers, sans perte : { $repeated }
cli-say-unanswered = { $sent } éléments envoyés, { $answered } réponses : relancez la même commande, elle reprend où elle en était.
cli-say-import-reading = Les fichiers n’ont pas pu être lus jusqu’au bout.
cli-say-authority-made =
    Autorité créée : { $certificate }
    Clé privée, à mettre en lieu sûr : { $key }
    Liste de révocation { $crl }, à renouveler avant le { $until }
cli-say-issued =
    Certificat : { $certificate}
    Clé privée : { $key }
    Numéro de série : { $serial }
    Empreinte de la clé, pour la configuration : { $fingerprint }
cli-say-signed =
    Certificat : { $certificate }
    Numéro de série : { $serial }
    Empreinte de la clé, pour la configuration : { $fingerprint }
cli-say-crl-made = Liste { $number } écrite dans { $file } : { $revoked } certificat(s) révoqué(s), à renouveler avant le { $until }.
cli-say-pages = { $count } pages de manuel écrites dans { $folder }.
cli-store-examples = vigie store verify --dir /srv/vigie
cli-say-verifying-journal = Vérification du journal
cli-say-verifying-rows = Vérification des lignes
cli-say-reindexing = Reconstruction des index
cli-say-reindexed = Index de recherche refaits.
cli-say-reindexed-serving = Index de recherche refaits par le serveur en marche.
cli-say-store-whole =
    Le stockage est tel que le journal signé le dit ({ $faulty } défaut).
    Entrées du journal : { $entries }
    Objets : { $records }, versions anciennes : { $revisions }
    Lignes de listes : { $listed }, noms : { $named }, morceaux : { $chunks }
    Contenus ouverts, sans être montrés : { $bodies }, sans clé ici : { $sealed }
cli-say-store-faulty =
    { $faulty } défaut(s) : le stockage n’est pas tel que le journal signé le dit. Gardez une copie du dossier pour l’enquête, puis remettez le déploiement depuis une sauvegarde.
    Entrées du journal : { $entries }
    Objets : { $records }, versions anciennes : { $revisions }
    Lignes de listes : { $listed }, noms : { $named }, morceaux : { $chunks }
    Contenus ouverts, sans être montrés : { $bodies }, sans clé ici : { $sealed }
cli-fault-head = La longueur ou la racine du journal, telle que le stockage la note, n’est pas celle des entrées.
cli-fault-tile = La tuile { $path } manque ou ne découle pas des entrées.
cli-fault-entry = L’entrée { $number } du journal ne s’ouvre pas à sa place.
cli-fault-contradiction = L’entrée { $number } attribue d’autres octets à une version déjà journalisée de l’objet { $id }.
cli-fault-sealed = Objet { $id } : l’en-tête ne s’ouvre pas à cette place.
cli-fault-unknown = Objet { $id } : le journal n’en a jamais entendu parler.
cli-fault-returned = Objet { $id } : supprimé selon le journal, et revenu.
cli-fault-stale = Objet { $id } : version { $version } alors que la version { $newest } a été écrite. Une ligne ancienne a été remise en place.
cli-fault-altered = Objet { $id }, version { $version } : ce ne sont pas les octets qui ont été journalisés.
cli-fault-body = Objet { $id }, version { $version } : le contenu ne s’ouvre pas.
cli-fault-missing = Objet { $id } : écrit selon le journal, jamais supprimé, et absent.
cli-fault-listed = Objet { $id } : une liste en montre la version { $version }, qui n’est pas celle de l’objet.
cli-fault-no-card = Note { $id } : absente de la liste de son espace.
cli-fault-row = Ligne { $row } de { $family } : ce n’est pas celle que l’entrée { $number } du journal y a écrite. Elle a été altérée, ou reprise d’une copie ancienne.
cli-fault-gone = Une ligne que l’entrée { $number } du journal a écrite, et qu’aucune n’a supprimée, manque.
cli-fault-stray = Ligne { $row } de { $family } : aucune entrée du journal ne l’a laissée là, ou elle n’a pas été scellée pour cette place.
cli-demo = Monte une démonstration complète, la remplit et la fait visiter
cli-demo-arg-dir = Dossier de la démonstration
cli-demo-arg-port = Port d’écoute sur cette machine ; 0 en prend un libre
cli-demo-arg-once = S’arrête après la visite
cli-demo-examples = vigie demo --dir essai --once
cli-bench = Mesure Vigie contre des références, sur cette machine
cli-bench-arg-rows = Groupes de mesures voulus ; tous sinon
cli-bench-arg-dir = Dossier des déploiements mesurés, gardés pour la fois suivante
cli-bench-arg-quick = Sans le million de notes
cli-bench-arg-texts = Paragraphes où chercher : un fichier, un par ligne, ou markdown:DOSSIER, misp:CHEMIN, stix:FICHIER ; plusieurs fois au besoin ; inventés sinon
cli-bench-arg-out = Fichier de la table, en JSON
cli-bench-examples = vigie bench --quick read create
cli-arg-names = Copie de la configuration signée, pour montrer les noms des comptes
