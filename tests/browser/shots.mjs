// Pictures of every page of a running demonstration, light and dark, wide and narrow; and what went wrong while they were taken:
// complaints of the content policy, errors of scripts, pages that scroll sideways, kinds of pages that have no picture.
//
//   node tests/browser/shots.mjs OUTPUT_FOLDER [NAME …]     pages by name, all without one; `make shots` does it all
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { crawl, kind } from "./crawl.mjs";
import { PEOPLE, browser as launch, person, serve, workAt, worker } from "./harness.mjs";
import * as scenarios from "./scenarios.mjs";

const THEMES = ["light", "dark"], WIDTHS = [1280, 390];
const TALLEST = 4000, PATIENCE = 30_000;
const [out, ...only] = process.argv.slice(2);
if (!out) {
  console.error("usage: shots.mjs OUTPUT_FOLDER [NAME …]");
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const site = await serve();
const browser = await launch();
let faults = 0;
const complain = (what) => {
  faults += 1;
  console.error(`  ${what}`);
};
// What a query asks for makes no page of another kind.
const route = (address) => kind(address).split("?")[0];
const taken = new Set(), met = new Set();

const shoot = async (page, name, theme, width, tall) => {
  const height = width > 600 ? 900 : 844;
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: theme });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) complain(`${name} at ${width}: scrolls ${wide} px sideways`);
  if (tall) {
    // As tall as the page, so that the lower banner stands where the page ends.
    const whole = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height: Math.min(Math.max(whole, height), TALLEST) });
  }
  await page.screenshot({ path: join(out, `${name}-${theme}-${width}.png`), animations: "disabled" });
};

// In a window of its own: what was begun in one would hold the next page back.
const picture = async ({ context }, [name, path, act, how = {}]) => {
  const { themes = THEMES, widths = WIDTHS, tall = true, status = 200 } = how;
  const page = await context.newPage();
  await page.setViewportSize({ width: widths[0], height: 900 });
  try {
    const answer = await page.goto(path);
    if (answer.status() !== status) complain(`${name}: ${answer.status()} at ${path}`);
    await act?.(page);
    for (const width of widths) for (const theme of themes) await shoot(page, name, theme, width, tall);
    taken.add(route(page.url()));
  } catch (error) {
    complain(`${name}: ${error.message}`);
  }
  await page.close();
};

// Somebody at work: `list` answers what there is to see, and may write something first.
const take = async (name, level, categories, list) => {
  const who = await person(browser, site, name);
  who.context.setDefaultTimeout(PATIENCE);
  await workAt(who, level, categories);
  for (const scenario of await list(who)) {
    if (only.length && !only.includes(scenario[0])) continue;
    console.log(scenario[0]);
    await picture(who, scenario);
    // It may have left for another label.
    if (scenario[2]) await workAt(who, level, categories);
  }
  // A page that is not there is answered 404, a question that cannot be read 400, and Chromium says so.
  who.troubles.filter((trouble) => !/status of 4(00|04|09|12|22)/.test(trouble)).forEach(complain);
  await who.close();
};

let found;
await take("analyste-dr", "NP", [], () => scenarios.empty);
await take("analyste-dr", "DR", [], scenarios.meeting);
await take("analyste-s", "S", ["ALPHA"], async (who) => {
  found = await scenarios.found(who);
  return scenarios.reading(found);
});
await take("analyste-s", "S", ["ALPHA"], async (who) => scenarios.writing(found, await scenarios.written(who, "S", ["ALPHA"], found)));
for (const language of ["en", "de"]) {
  await take("analyste-s", "S", ["ALPHA"], async ({ page }) => {
    await page.click(`.rail button[name=language][value=${language}]`);
    return scenarios.translated(language, found);
  });
}
await take("officier", "NP", [], () => scenarios.journal);
await take("officier", "S", [], () => scenarios.searches);
if (!only.length) {
  for (const name of Object.keys(PEOPLE)) {
    const who = await worker(browser, site, name);
    await crawl(who, site, 2, (page) => met.add(route(page.url())));
    await who.close();
  }
}
for (const page of met) if (!taken.has(page)) complain(`${page}: no picture`);
await browser.close();
await site.stop();
console.log(faults ? `${faults} complaints` : "no complaint");
process.exit(faults ? 1 : 0);
