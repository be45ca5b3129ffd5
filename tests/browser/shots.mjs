// Pictures of every page of a running demonstration, light and dark, wide and narrow; and what went wrong while they were taken:
// complaints of the content policy, errors of scripts, pages that scroll sideways.
//
//   node tests/browser/shots.mjs OUTPUT_FOLDER [NAME …]     pages by name, all without one; `make shots` does it all
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { browser as launch, person as somebody, serve } from "./harness.mjs";

const [out, ...only] = process.argv.slice(2);
if (!out) {
  console.error("usage: shots.mjs OUTPUT_FOLDER [NAME …]");
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const site = await serve();
const browser = await launch();
const { origin } = site;
let faults = 0;
const complain = (what) => {
  faults += 1;
  console.error(`  ${what}`);
};

// Works at that level, by the form everybody has.
const workAt = async (page, level, categories = []) => {
  await page.goto(`${origin}/about`);
  await page.click(".working-btn");
  await page.check(`#travail input[name=level][value="${level}"]`);
  for (const code of categories) await page.check(`#travail input[name=category][value="${code}"]`);
  await page.click("#travail button[type=submit]");
};

const first = async (page, path, pattern) => {
  await page.goto(origin + path);
  const links = await page.locator("main a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  return links.find((link) => pattern.test(link));
};

// A note with links, if there is one among the first of the feed.
const richNote = async (page) => {
  await page.goto(origin + "/");
  const links = await page.locator("a.row-title").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  for (const link of links.slice(0, 30)) {
    await page.goto(origin + link);
    if (await page.locator(".link-list li").count() > 1) return link;
  }
  return links[0];
};

// What can be changed at another label is opened there: by the button that the page offers.
const there = async (page) => {
  const way = page.locator("main .switch button");
  if (await way.count()) {
    await way.first().click();
    await page.waitForLoadState();
  }
};
const TEXT = "L’essai de **mai** a été [[repris]].\n\n- [ ] relire\n- [x] recouper\n\n| Essai | Durée |\n|---|---|\n| mai | 6 h |\n\n(S) Une portion au-dessus.";
// A note as it looks while it is typed.
const previewed = async (page) => {
  await page.fill("#title", "Essai de franchissement");
  await page.fill("#body", TEXT);
  await page.click("[data-act=preview]");
  await page.waitForSelector("[data-preview-body]");
};
const kept = async (page) => {
  await page.fill("#title", "Brouillon du matin");
  await page.fill("#body", TEXT);
  await page.click("button[name=keep]");
  await page.waitForURL(/draft=/);
  await page.goto(`${origin}/`);
};
// As the first of its kind: a template of the space, from which a note is begun.
const modelled = async (page) => {
  await there(page);
  const mark = page.locator("form[action$='/template'] button[value=yes]");
  if (await mark.count()) {
    await mark.click();
    await page.waitForLoadState();
  }
};
const refused = async (page) => {
  await page.fill("#title", "Une date qui n’en est pas une");
  await page.fill("#expires", "demain");
  await page.click("form[action='/notes/new'] button.first");
  await page.waitForSelector("[role=alert]");
};

// A question asked as people ask it, and the page of what answers.
const asking = (question, after) => async (page) => {
  await page.fill("#q", question);
  await page.press("#q", "Enter");
  await page.waitForURL(/\/search\?s=/);
  await after?.(page);
};
const picked = async (page) => {
  await page.fill("main input[name=q]", "de");
  await page.waitForResponse("**/suggest?*");
  await page.waitForTimeout(300);
};

const rooms = async (page) => {
  const note = await richNote(page);
  const space = await first(page, "/spaces", /^\/spaces\/[a-z2-7]{26}$/);
  return [
    ["accueil", "/"], ["espaces", "/spaces"], ["espace-nouveau", "/spaces/new"], ["espace", space],
    ["espace-conversations", `${space}/conversations`], ["espace-membres", `${space}/members`], ["espace-membres-ailleurs", `${space}/members`],
    ["espace-reglages-ailleurs", `${space}/edit`], ["note", note], ["note-edition-ailleurs", `${note}/edit`],
    ["note-nouvelle", `/notes/new?space=${space.split("/").pop()}`], ["note-apercu", `/notes/new?space=${space.split("/").pop()}`, previewed],
    ["note-refusee", `/notes/new?space=${space.split("/").pop()}`, refused],
    ["note-historique", `${note}/history`], ["graphe", `${note}/graph?depth=2`], ["filiation", `${note}/lineage`], ["chemin", `${note}/path`], ["espace-liens", `${space}/standing`], ["note-lier", `${note}/link`], ["note-supprimer", `${note}/delete`],
    ["note-impression", `${note}/print`], ["note-lier-cherche", `${note}/link`, picked],
    ["recherche-vide", "/search"], ["recherche", "/search", asking("capteur OU radar OU attaque")], ["recherche-phrase", "/search", asking('"capteur" -brevet type:note')],
    ["recherche-rien", "/search", asking("capteurr zorglubb")], ["recherche-personnes", "/search", asking("analyste")],
    ["recherche-faute", "/search", asking("radar couleur:bleu après:2026")], ["personnes", "/people"], ["messages", "/messages"],
    ["conversation-nouvelle", "/messages/new"], ["compte", "/me"], ["a-propos", "/about"], ["absent", "/notes/absent"],
    // These leave the working label or something written behind: last.
    ["accueil-brouillon", `/notes/new?space=${space.split("/").pop()}`, kept], ["note-edition", `${note}/edit`, there], ["note-modele", note, modelled],
    ["note-nouvelle-modele", `/notes/new?space=${space.split("/").pop()}`, there], ["espace-reglages", `${space}/edit`, there],
  ];
};

const shoot = async (page, name, width, theme) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) complain(`${name} at ${width}: scrolls ${wide} px sideways`);
  // As tall as the page, so that the lower banner stands where the page ends.
  const { height } = page.viewportSize();
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(Math.max(tall, height), 4000) });
  await page.screenshot({ path: join(out, `${name}-${theme}-${width}.png`) });
  await page.setViewportSize({ width, height });
};

const take = async (who, level, categories, list) => {
  for (const theme of ["light", "dark"]) {
    const visitor = await somebody(browser, site, who, { theme });
    const { page } = visitor;
    await workAt(page, level, categories);
    const all = (await list(page)).filter(([name]) => !only.length || only.includes(name));
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: width > 600 ? 900 : 844 });
      await workAt(page, level, categories);
      for (const [name, path, act] of all) {
        console.log(`${name} ${theme} ${width}`);
        // What was begun in a window would hold it back: it gets one of its own.
        if (act) {
          const window = await visitor.context.newPage();
          await window.setViewportSize(page.viewportSize());
          await window.goto(origin + path);
          await act(window);
          await shoot(window, name, width, theme);
          await window.close();
          continue;
        }
        await page.goto(origin + path);
        await shoot(page, name, width, theme);
        if (name === "accueil") {
          await page.click(".working-btn");
          await shoot(page, "niveau-de-travail", width, theme);
          await page.keyboard.press("Escape");
          if (width > 600) {
            await page.keyboard.press("Control+k");
            await page.waitForSelector(".choice");
            await page.waitForTimeout(400);
            await page.screenshot({ path: join(out, `palette-${theme}-${width}.png`) });
            await Promise.all([page.waitForResponse("**/suggest?*"), page.keyboard.type("de")]);
            await page.waitForTimeout(400);
            await page.screenshot({ path: join(out, `palette-mots-${theme}-${width}.png`) });
            await page.keyboard.press("Escape");
          } else {
            await page.click(".phonebar button");
            await page.screenshot({ path: join(out, `menu-${theme}-${width}.png`) });
            await page.keyboard.press("Escape");
          }
        }
      }
    }
    // A page that is not there is answered 404, a question that cannot be read 400, and Chromium says so.
    visitor.troubles.filter((trouble) => !/status of 4(00|04|22)/.test(trouble)).forEach(complain);
    await visitor.close();
  }
};

await take("analyste-s", "S", ["ALPHA"], rooms);
const filtered = async (page) => {
  await page.selectOption("#act", { label: "Lecture de note" });
  await page.locator("form.filters button").click();
  await page.waitForLoadState();
  await page.locator(".c-obj a").first().click({ timeout: 3000 }).catch(() => {});
  await page.waitForLoadState();
};
const verified = async (page) => {
  await page.click("form[action='/journal/verify'] button");
  await page.waitForSelector(".notice");
};
const desk = async () => [
  ["journal", "/journal"], ["journal-compte", "/me"], ["journal-filtre", "/journal", filtered], ["journal-verifie", "/journal", verified],
];
await take("officier", "NP", [], desk);
// What was sought is read where it may be.
await take("officier", "S", [], async () => [["journal-recherches", "/journal?act=search"]]);
await browser.close();
await site.stop();
console.log(faults ? `${faults} complaints` : "no complaint");
process.exit(faults ? 1 : 0);
