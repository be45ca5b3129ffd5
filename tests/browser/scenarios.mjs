// What shots.mjs takes pictures of: [name, address, what is done there first, how]. `how` narrows the themes and widths, says
// which status is meant, and with `tall: false` that a dialog stands over what the window shows.
import { follow, workAt } from "./harness.mjs";

const TEXT = "L’essai de **mai** a été [[repris]].\n\n- [ ] relire\n- [x] recouper\n\n| Essai | Durée |\n|---|---|\n| mai | 6 h |\n\n(S) Une portion au-dessus.";
const SAVE = "main form button.first";

const href = (page, selector) => page.locator(selector).first().getAttribute("href");
const first = async (page, path, selector) => {
  await page.goto(path);
  return href(page, selector);
};

const fill = async (page, fields) => {
  for (const [field, text] of Object.entries(fields)) await page.fill(field, text);
};
// Fills in a form, sends it, and answers where that led.
const send = async (page, path, fields, before) => {
  await page.goto(path);
  await before?.(page);
  await fill(page, fields);
  const from = page.url();
  await Promise.all([page.waitForURL((url) => url.href !== from), page.click(SAVE)]);
  return new URL(page.url()).pathname;
};
const refusing = (fields) => async (page) => {
  await fill(page, fields);
  await page.click(SAVE);
  await page.waitForSelector("main [role=alert], main [aria-invalid=true]");
};

// Meanwhile, in another window of the same person.
const meanwhile = async (page, act) => {
  const other = await page.context().newPage();
  await act(other);
  await other.close();
};
const overtaken = (field, theirs, mine) => async (page) => {
  await meanwhile(page, (other) => send(other, page.url(), { [field]: theirs }));
  await refusing({ [field]: mine })(page);
};
const relabelled = (fields, button = SAVE) => async (page) => {
  await fill(page, fields);
  await meanwhile(page, (other) => workAt({ page: other, go: (path) => other.goto(path) }, "NP"));
  await page.click(button);
  await page.waitForSelector(".typed, main [role=alert]");
};

// What can be changed at another label is opened there: by the button that the page offers.
const there = async (page) => {
  const way = page.locator("main .switch button");
  if (await way.count()) {
    await follow(page, "main .switch button");
  }
};
// A note as it looks while it is typed.
const previewed = async (page) => {
  await fill(page, { "#title": "Essai de franchissement", "#body": TEXT });
  await page.click("[data-act=preview]");
  await page.waitForSelector("[data-preview-body]");
};
// As the first of its kind: a template of the space, from which a note is begun.
const modelled = async (page) => {
  await there(page);
  await follow(page, "form[action$='/template'] button[value=yes]");
};
const compared = async (page) => {
  await page.click("form[action$='/history'] button.first");
  await page.waitForURL(/from=/);
};
// A question asked as people ask it, and the page of what answers.
const asking = (question, after) => async (page) => {
  await page.fill("#q", question);
  await page.press("#q", "Enter");
  await page.waitForURL(/\/search\?s=/);
  await after?.(page);
};
const picked = async (page) => {
  await Promise.all([page.waitForResponse("**/suggest?*"), page.fill("main input[name=q]", "de")]);
  await page.waitForTimeout(300);
};
const palette = async (page) => {
  await page.keyboard.press("Control+k");
  await page.waitForSelector(".choice");
  await page.waitForTimeout(400);
};
const paletteOfWords = async (page) => {
  await palette(page);
  await Promise.all([page.waitForResponse("**/suggest?*"), page.keyboard.type("de")]);
  await page.waitForTimeout(400);
};
const shortcuts = async (page) => {
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
};
const filtered = async (page) => {
  await page.selectOption("#act", { label: "Lecture de note" });
  await follow(page, "form.filters button");
  if (await page.locator(".c-obj a").count()) await follow(page, ".c-obj a");
};
const verified = async (page) => {
  await page.click("form[action='/journal/verify'] button");
  await page.waitForSelector(".notice");
};

// A note with links, if there is one among the first of the feed.
const richNote = async (page) => {
  await page.goto("/");
  const links = await page.locator("a.row-title").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  for (const link of links.slice(0, 30)) {
    await page.goto(link);
    if (await page.locator(".link-list li").count() > 1) return link;
  }
  return links[0];
};

/** What the demonstration holds. */
export const found = async ({ page }) => {
  const note = await richNote(page);
  const space = await first(page, "/spaces", "main a[href^='/spaces/']:not([href$='/new'])");
  const talk = await first(page, "/messages", "a.row-title");
  const me = await first(page, "/people", "main a[href^='/people/']");
  const within = `?space=${space.split("/").pop()}`;
  return { note, space, talk, me, fresh: `/notes/new${within}`, freshTalk: `/messages/new${within}` };
};

/** What somebody at work leaves behind: a note with all that can hang on one, a conversation, watches, a draft. */
export const written = async (who, level, categories, { fresh, freshTalk }) => {
  const { page } = who;
  await workAt(who, "DR");
  const lowWatch = await send(page, "/watches/new", { "#name": "Brevets du mois", "#query": "brevet" });
  await workAt(who, level, categories);
  const watch = await send(page, "/watches/new", { "#name": "Essais et franchissements", "#query": "essai OR capteur" });
  const note = await send(page, fresh, { "#title": "Essai de franchissement", "#body": TEXT });
  await send(page, `${note}/edit`, { "#body": TEXT.replace("repris", "repoussé").replace("6 h", "8 h, dont deux de nuit") });
  await page.setInputFiles("input[type=file]", { name: "relevés de mai.txt", mimeType: "text/plain", buffer: Buffer.from("mai;6\n") });
  await follow(page, "form[data-upload] button");
  const file = await href(page, ".files a[href$='/delete']");
  await page.fill(".composer textarea", "La durée est à **recouper** avec le carnet d’essai.");
  await follow(page, ".composer button");
  const message = await href(page, ".comment a[href^='/messages/']");
  await send(page, `${note}/link`, { "#comment": "Même capteur, autre banc." }, () => page.locator(".pick input").first().check());
  const link = await href(page, ".link-list a[href^='/links/']");
  const talk = await send(page, freshTalk, { "#title": "Le banc d’essai", "#text": "As-tu le carnet de mai ?" });
  await page.goto(fresh);
  await fill(page, { "#title": "Brouillon du matin", "#body": TEXT });
  await page.click("button[name=keep]");
  await page.waitForURL(/draft=/);
  const draft = page.url();
  const dropped = await href(page, "main a[href^='/drafts/']");
  return { note, file, message, link, talk, watch, lowWatch, draft, dropped };
};

/** Where nobody has written anything yet. */
export const empty = [["accueil-vide", "/"], ["espaces-vides", "/spaces"], ["messages-vides", "/messages"], ["veilles-vides", "/watches"]];

/** Pages of what the demonstration holds. */
export const reading = ({ note, space, talk, me, fresh, freshTalk }) => [
  ["accueil", "/"], ["niveau-de-travail", "/", (page) => page.click(".working-btn")],
  ["palette", "/", palette, { tall: false, widths: [1280] }], ["palette-mots", "/", paletteOfWords, { tall: false, widths: [1280] }],
  ["menu", "/", (page) => page.click(".phonebar button"), { tall: false, widths: [390] }], ["raccourcis", "/", shortcuts, { tall: false }],
  ["espaces", "/spaces"], ["espace-nouveau", "/spaces/new"], ["espace", space], ["espace-impression", `${space}/print`],
  ["espace-nouveau-refuse", "/spaces/new", refusing({ "#name": "Un nom \u202e à l’envers" })],
  ["espace-conversations", `${space}/conversations`], ["espace-membres-ailleurs", `${space}/members`], ["espace-membres", `${space}/members`, there],
  ["espace-liens", `${space}/standing`], ["espace-reglages-ailleurs", `${space}/edit`], ["espace-reglages", `${space}/edit`, there],
  ["note", note], ["note-edition-ailleurs", `${note}/edit`], ["note-edition", `${note}/edit`, there], ["note-supprimer-ailleurs", `${note}/delete`],
  ["note-nouvelle", fresh], ["note-apercu", fresh, previewed], ["note-refusee", fresh, refusing({ "#title": "Une date qui n’en est pas une", "#expires": "demain" })],
  ["note-autre-niveau", fresh, relabelled({ "#title": "Au mauvais niveau", "#body": TEXT })],
  ["note-historique", `${note}/history`], ["note-impression", `${note}/print`], ["note-lier", `${note}/link`], ["note-lier-cherche", `${note}/link`, picked],
  ["graphe", `${note}/graph?depth=2`], ["filiation", `${note}/lineage`], ["chemin", `${note}/path`],
  ["recherche-vide", "/search"], ["recherche", "/search", asking("capteur OU radar OU attaque")],
  ["recherche-aide", "/search", asking("capteur", (page) => page.click(".query-help summary"))],
  ["recherche-phrase", "/search", asking('"capteur" -brevet type:note')], ["recherche-rien", "/search", asking("capteurr zorglubb")],
  ["recherche-personnes", "/search", asking("analyste")], ["recherche-faute", "/search", asking("radar couleur:bleu après:2026")],
  ["personnes", "/people"], ["personne-soi", me], ["messages", "/messages"], ["conversation", talk],
  ["conversation-nouvelle", "/messages/new"], ["conversation-espace", freshTalk], ["compte", "/me"], ["a-propos", "/about"],
  ["absent", "/notes/absent", undefined, { status: 404 }],
];

/** Colleagues, where more than one of them may be known. */
export const meeting = async ({ page }) => {
  await page.goto("/people");
  const me = await page.innerText(".who");
  const person = await page.locator("main a[href^='/people/']").filter({ hasNotText: me }).first().getAttribute("href");
  return [["personnes-dr", "/people"], ["personne", person], ["conversation-personne", `/messages/new?person=${person.split("/").pop()}`]];
};

/** Pages of what somebody has written. What changes it is done last. */
export const writing = ({ note: demo, fresh }, { note, file, message, link, talk, watch, lowWatch, draft, dropped }) => [
  ["accueil-complet", "/"], ["note-complete", note], ["note-supprimer", `${note}/delete`], ["note-brouillon", draft],
  ["brouillon-supprimer", dropped], ["lien-supprimer", link], ["fichier-supprimer", file],
  ["historique-compare", `${note}/history`, compared], ["conversation-commencee", talk], ["message", message],
  ["formulaire-rendu", talk, relabelled({ ".composer textarea": "Ces mots restent." }, ".composer button")],
  ["veilles", "/watches"], ["veille-nouvelle", "/watches/new"], ["veille", watch], ["veille-toutes", `${watch}?all=true`],
  ["veille-refusee", "/watches/new", refusing({ "#name": "Radars bleus", "#query": "radar couleur:bleu" })],
  ["veille-edition", `${watch}/edit`], ["veille-supprimer", `${watch}/delete`],
  ["veille-edition-ailleurs", `${lowWatch}/edit`], ["veille-supprimer-ailleurs", `${lowWatch}/delete`],
  ["note-deux-versions", `${note}/edit`, overtaken("#body", `${TEXT}\n\nUne phrase d’ailleurs.`, `${TEXT}\n\nMa phrase.`)],
  ["message-deux-versions", message, overtaken("#text", "La durée est recoupée.", "La durée est à recouper demain.")],
  ["veille-deux-versions", `${watch}/edit`, overtaken("#query", "essai", "essai OR banc")],
  ["note-modele", demo, modelled], ["note-nouvelle-modele", fresh, there],
];

/** The few pages that show most words, for whoever reads another language. */
export const translated = (language, { note }) => [
  ["accueil", "/"], ["recherche", "/search", asking("capteur OR radar")], ["note", note],
].map(([name, path, act]) => [`${name}-${language}`, path, act, { themes: ["light"], widths: [1280] }]);

export const journal = [
  ["journal", "/journal"], ["journal-compte", "/me"], ["journal-filtre", "/journal", filtered], ["journal-verifie", "/journal", verified],
];
/** What was sought is read where it may be. */
export const searches = [["journal-recherches", "/journal?act=search"]];
