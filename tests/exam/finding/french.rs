//! Forty questions as people ask them, in French, over thirty short notes; each with the note that answers it. The right
//! one must be among the first three, and nearly always be the first.

use serde_json::json;

use super::{ids, note, space};
use crate::world::{Who, World};

/// Name for the test, title, body.
const NOTES: [(&str, &str, &str); 30] = [
    (
        "gan",
        "Amplificateurs en nitrure de gallium",
        "Le nitrure de gallium (GaN) supporte des tensions élevées : les radars à antenne active gagnent en portée. Les fonderies européennes annoncent une filière de 150 nm qualifiée pour le spatial.",
    ),
    (
        "quantique",
        "Distribution quantique de clés",
        "L’échange de clés par photons uniques résiste aux calculateurs futurs, mais la portée en fibre reste limitée à quelques centaines de kilomètres sans répéteur.",
    ),
    (
        "postquantique",
        "Chiffrement postquantique",
        "Les nouveaux algorithmes à base de réseaux euclidiens remplacent RSA. La migration des certificats de l’État commence par les autorités racines.",
    ),
    (
        "drones-marins",
        "Drones de surface dans le détroit",
        "Des drones de surface sans équipage ont approché un pétrolier de nuit. L’équipage les a repoussés au canon à eau.",
    ),
    (
        "essaim",
        "Essaims de drones aériens",
        "Un essaim coordonné se passe de liaison centrale : chaque appareil suit ses voisins. Le brouillage d’un seul canal ne suffit plus.",
    ),
    (
        "brouillage",
        "Brouillage du GPS en mer Baltique",
        "Les pilotes signalent des pertes de position répétées. L’origine des émissions est située par triangulation au sud du golfe.",
    ),
    (
        "leurre",
        "Leurre de navigation par satellite",
        "Contrairement au brouillage, l’usurpation de signal donne une position fausse sans que le récepteur s’en aperçoive.",
    ),
    (
        "hypersonique",
        "Planeurs hypersoniques",
        "Le planeur manœuvre au-delà de Mach 5 dans la haute atmosphère ; les radars de veille au sol ne le voient que tardivement.",
    ),
    (
        "alerte",
        "Satellites d’alerte avancée",
        "La détection infrarouge depuis l’orbite géostationnaire repère le départ d’un missile en quelques secondes.",
    ),
    (
        "laser",
        "Liaisons optiques entre satellites",
        "Le faisceau laser transporte dix gigabits par seconde et ne se laisse pas intercepter depuis le sol.",
    ),
    (
        "cable",
        "Câbles sous-marins endommagés",
        "Deux câbles de télécommunication ont été sectionnés en trois jours ; une ancre traînée sur le fond est l’hypothèse retenue.",
    ),
    (
        "rancongiciel",
        "Rançongiciel dans les hôpitaux",
        "Le logiciel malveillant chiffre les serveurs de fichiers après s’être propagé par l’annuaire. Les sauvegardes hors ligne ont permis la reprise.",
    ),
    (
        "hameconnage",
        "Campagne d’hameçonnage ciblé",
        "Des courriels imitant un institut de recherche visent les doctorants. La pièce jointe ouvre une porte dérobée.",
    ),
    (
        "chaine",
        "Attaque par la chaîne d’approvisionnement",
        "Une mise à jour piégée d’un outil de supervision a touché des centaines de clients. La signature du code était valide.",
    ),
    (
        "vulnerabilite",
        "Faille CVE-2026-1234 d’un concentrateur VPN",
        "Une lecture hors limites permet de récupérer les jetons de session sans authentification. Le correctif est disponible.",
    ),
    (
        "semiconducteurs",
        "Restrictions sur les machines de lithographie",
        "Le nouvel arrêté soumet à licence l’exportation des machines à ultraviolet extrême et de leurs pièces.",
    ),
    (
        "terres-rares",
        "Terres rares : néodyme et dysprosium",
        "Les aimants permanents dépendent d’un seul pays raffineur. Une mine scandinave entrerait en production dans quatre ans.",
    ),
    (
        "batteries",
        "Batteries au lithium-soufre",
        "La densité d’énergie double celle du lithium-ion, au prix d’une durée de vie de cent cycles.",
    ),
    (
        "hydrogene",
        "Avions à hydrogène liquide",
        "Le réservoir cryogénique occupe un tiers du fuselage ; la certification est repoussée à la fin de la décennie.",
    ),
    (
        "nucleaire",
        "Petits réacteurs modulaires",
        "Six pays ont choisi un petit réacteur nucléaire à eau pressurisée pour remplacer des centrales à charbon.",
    ),
    (
        "ia",
        "Modèles de langage embarqués",
        "Un modèle de langue compressé tourne désormais sur un terminal sans connexion ; l’intelligence artificielle résume les comptes rendus de terrain.",
    ),
    (
        "hypertrucage",
        "Hypertrucages vocaux",
        "La voix d’un ministre a été imitée au téléphone. Les détecteurs d’hypertrucage échouent sur les communications compressées.",
    ),
    (
        "biometrie",
        "Reconnaissance faciale aux frontières",
        "La biométrie du visage réduit l’attente de moitié, avec un taux de faux rejets plus élevé pour les enfants.",
    ),
    (
        "neutrons",
        "Imagerie neutronique des conteneurs",
        "Un générateur compact de neutrons révèle les explosifs dissimulés dans un conteneur scellé.",
    ),
    (
        "exosquelette",
        "Exosquelettes pour fantassins",
        "L’exosquelette passif soulage les genoux dans les longues marches chargées, mais gêne le tir couché.",
    ),
    (
        "bateau",
        "Frégates de nouvelle génération",
        "La frégate reçoit un mât unique intégrant radars et antennes ; son équipage est réduit à cent vingt marins.",
    ),
    (
        "sonar",
        "Sonars remorqués à très basse fréquence",
        "L’antenne linéaire remorquée écoute les sous-marins à grande distance par le bruit de leurs machines.",
    ),
    (
        "torpille",
        "Torpille lourde filoguidée",
        "La torpille reçoit une propulsion électrique et un fil de guidage en fibre optique de cinquante kilomètres.",
    ),
    (
        "espace",
        "Débris en orbite basse",
        "L’explosion d’un étage supérieur a créé plus de trois cents fragments ; deux manœuvres d’évitement ont été ordonnées.",
    ),
    (
        "meteo",
        "Météorologie de l’espace",
        "Une éruption solaire majeure a coupé les communications à haute fréquence pendant six heures.",
    ),
];

/// Question, name of the note that answers it.
const QUESTIONS: [(&str, &str); 40] = [
    ("nitrure de gallium", "gan"),
    ("radar a antenne active", "gan"),
    ("échange de clé par photon", "quantique"),
    ("portée en fibre sans répéteurs", "quantique"),
    ("remplacer RSA", "postquantique"),
    ("certificat des autorités de l'Etat", "postquantique"),
    ("pétroliers approchés la nuit", "drones-marins"),
    ("drone sans équipage", "drones-marins"),
    ("essaims", "essaim"),
    ("le brouillage du gps", "brouillage"),
    ("perte de position des pilotes", "brouillage"),
    ("usurpation du signal", "leurre"),
    ("mach 5", "hypersonique"),
    ("planeur hypersonique manœuvrant", "hypersonique"),
    ("détecter le départ d’un missile", "alerte"),
    ("infrarouges orbite geostationnaire", "alerte"),
    ("lasers entre satellites", "laser"),
    ("cable sous-marin sectionné", "cable"),
    ("ancre traînée", "cable"),
    ("rancongiciels hopital", "rancongiciel"),
    ("sauvegarde hors ligne", "rancongiciel"),
    ("hameconnage des doctorants", "hameconnage"),
    ("porte dérobée", "hameconnage"),
    ("mise à jour piégée", "chaine"),
    ("\"chaîne d’approvisionnement\"", "chaine"),
    ("CVE-2026-1234", "vulnerabilite"),
    ("jeton de session authentification", "vulnerabilite"),
    ("exporter des machines de lithographie", "semiconducteurs"),
    ("aimant permanent néodyme", "terres-rares"),
    ("densité énergie batterie", "batteries"),
    ("réservoirs cryogéniques", "hydrogene"),
    ("réacteurs nucléaires", "nucleaire"),
    ("intelligence artificielle comptes rendus", "ia"),
    ("imiter la voix d'un ministre", "hypertrucage"),
    ("reconnaissances faciales frontière", "biometrie"),
    ("explosif dans un conteneur", "neutrons"),
    ("frégates radars", "bateau"),
    ("écouter un sous-marin", "sonar"),
    ("débris OR fragments orbite", "espace"),
    ("érupt* solaire", "meteo"),
];

#[tokio::test]
async fn forty_french_questions_find_their_answers() {
    let world = World::new();
    let space = space(&world, Who::Haut, "DR", "Veille technologique", &[]).await;
    let mut names = Vec::new();
    for (name, title, body) in NOTES {
        names.push((note(&world, Who::Haut, "DR", &space, title, body, json!({})).await, name));
    }
    let (mut first, mut missed) = (0, Vec::new());
    for (question, answer) in QUESTIONS {
        let found: Vec<&str> = ids(&world, Who::Haut, "DR", question)
            .await
            .iter()
            .filter_map(|id| names.iter().find(|(known, _)| known == id).map(|(_, name)| *name))
            .collect();
        match found.iter().position(|name| *name == answer) {
            Some(0) => first += 1,
            Some(1 | 2) => {}
            _ => missed.push(format!("{question} -> {found:?}, not {answer}")),
        }
    }
    assert_eq!(missed, Vec::<String>::new());
    println!("{first} of {} answers stand first", QUESTIONS.len());
    assert!(first >= 37, "{first} stand first");
}
