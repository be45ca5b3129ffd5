// Every page that links lead to, as each person, in each language and theme: accessible, marked, silent.
// SHOTS=folder keeps a picture of each.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { browser, person, serve } from './harness.mjs';
import { crawl } from './crawl.mjs';

let site, chrome;
before(async () => { site = await serve(); chrome = await browser(); });
after(async () => { await chrome?.close(); await site?.stop(); });

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LANGUAGES = [['fr-FR', 'fr'], ['en-GB', 'en'], ['de-DE', 'de']];
const SIZES = [{ width: 1280, height: 900 }, { width: 390, height: 844 }];
const PEOPLE = ['analyste-dr', 'analyste-s', 'analyste-etr', 'officier'];

async function problems(page) {
  // Through the debugger: the page's own policy forbids any script but its own.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
  return violations.map((found) => `${found.id}: ${found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

/** The page says twice what its marking is, in the window's title too, and nothing sticks out sideways. */
async function marked(page) {
  return page.evaluate(() => {
    const found = [];
    const banners = [...document.querySelectorAll('.banner')];
    const top = document.querySelector('.banner-top'), bottom = document.querySelector('.banner-bottom');
    if (!top || !bottom) found.push(`banners: ${banners.length}`);
    if (!document.title) found.push('no title');
    if (!document.documentElement.lang) found.push('no language');
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) found.push(`sideways by ${wide} px`);
    if (document.querySelector('[style],style,script:not([src])')) found.push('inline style or script');
    return found;
  });
}

for (const name of PEOPLE) {
  for (const [locale, language] of LANGUAGES) {
    // All languages for one person; the others in French. Both themes, both sizes for everybody.
    if (language !== 'fr' && name !== 'analyste-s') continue;
    for (const theme of ['light', 'dark']) {
      test(`no page of ${name} in ${language}, ${theme}, breaks a rule`, async () => {
        const wrong = [];
        for (const viewport of SIZES) {
          const who = await person(chrome, site, name, { locale, theme, viewport });
          const kinds = await crawl(who, site, async (page, sort) => {
            const where = `${sort} at ${viewport.width}`;
            wrong.push(...(await marked(page)).map((problem) => `${where}: ${problem}`));
            const spoken = await page.getAttribute('html', 'lang');
            if (spoken !== language) wrong.push(`${where}: speaks ${spoken}`);
            if (process.env.SHOTS) {
              mkdirSync(process.env.SHOTS, { recursive: true });
              const file = `${name}-${language}-${theme}-${viewport.width}${sort.replace(/[^a-z0-9]+/gi, '-')}.png`;
              await page.screenshot({ path: join(process.env.SHOTS, file), fullPage: true });
            }
            wrong.push(...(await problems(page)).map((problem) => `${where}: ${problem}`));
          });
          wrong.push(...who.troubles.map((trouble) => `${name}: ${trouble}`));
          assert.ok(kinds.size >= (name === 'officier' ? 3 : 8), `pages found: ${[...kinds.keys()].join(' ')}`);
          await who.close();
        }
        assert.deepEqual([...new Set(wrong)], []);
      });
    }
  }
}

test('without scripts every page is there and says the same', async () => {
  const who = await person(chrome, site, 'analyste-s', { script: false });
  const kinds = await crawl(who, site, async (page) => {
    assert.ok(await page.$('.banner-top') && await page.$('.banner-bottom'));
    assert.ok((await page.innerText('main')).length > 0);
  });
  assert.ok(kinds.size >= 8);
  await who.close();
});
