// Search as people use it: from the field of every page, with a key, from the palette, in the form of a link; with scripts and
// without; and no address holds a word of what was sought.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { api, browser, serve, worker } from './harness.mjs';

let site, chrome;
before(async () => { site = await serve(); chrome = await browser(); });
after(async () => { await chrome?.close(); await site?.stop(); });

const SOUGHT = /\/search\?s=[\w-]+$/;

/** A space with notes of a word that stands nowhere else: each test has its own. */
async function house(who, word) {
  const make = async (path, body) => (await api(who, site, 'POST', path, { working: 'DR', body })).json;
  const space = await make('/spaces', { name: 'Atelier gnufique' });
  const notes = [];
  for (const title of [`${word} en poudre`, `${word} en barre`, 'Fonderie']) {
    const note = await make('/notes', { space: space.id, kind: 'watch', title, body: `La ${title} se moule à froid.` });
    notes.push(note.id);
  }
  // A note is found within a second of its commit.
  for (let tries = 0; tries < 50; tries += 1) {
    const found = await api(who, site, 'GET', `/search?q=${word}`, { working: 'DR' });
    if (found.json.count === 2) return { space: space.id, notes };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the notes are not found');
}

test('a word leads to its notes: by the field, by a key, back again, and by the palette', { timeout: 180_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-dr');
  const { page } = who;
  const { space, notes } = await house(who, 'Zorglubite');
  await who.go('/');
  await page.keyboard.press('/');
  assert.ok(await page.evaluate(() => document.activeElement.matches('.rail [data-search]')));
  await page.keyboard.type('zorglubites');
  await Promise.all([page.waitForURL(SOUGHT), page.keyboard.press('Enter')]);
  assert.deepEqual(new Set(await page.$$eval('.result .row-title', (all) => all.map((link) => link.getAttribute('href')))),
    new Set(notes.slice(0, 2).map((id) => `/notes/${id}`)));
  assert.equal(await page.inputValue('#q'), 'zorglubites');
  assert.match(await page.innerText('.result .quote mark'), /zorglubite/i);
  const results = page.url();
  await Promise.all([page.waitForURL(/\/notes\//), page.click('.result .row-title')]);
  await page.goBack();
  await page.waitForSelector('.result');
  assert.equal(page.url(), results);
  await Promise.all([page.waitForURL(/sort=date/), page.click('.seg a[href*="sort=date"]')]);
  assert.equal(await page.locator('.result').count(), 2);
  // What is wrong is told under the field, and the question stays.
  await page.keyboard.press('/');
  await page.keyboard.type('zorglubite couleur:bleu');
  await Promise.all([page.waitForURL(SOUGHT), page.keyboard.press('Enter')]);
  assert.equal(await page.innerText('.query-text mark'), 'couleur:bleu');
  assert.equal(await page.inputValue('#q'), 'zorglubite couleur:bleu');
  // A spelling that was meant.
  await page.fill('#q', 'zorglubitte');
  await Promise.all([page.waitForURL(SOUGHT), page.press('#q', 'Enter')]);
  const before = page.url();
  await Promise.all([page.waitForURL((url) => url.href !== before), page.click('.query-spelling button')]);
  assert.equal(await page.locator('.result').count(), 2);
  // The palette: a title begun, a space, a search for all of it.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await Promise.all([page.waitForResponse('**/suggest?*'), page.keyboard.type('poudre zorgl')]);
  await page.waitForSelector(`.choice[href="/notes/${notes[0]}"]`);
  assert.equal(await page.locator('.choice[href^="/notes/"]').count(), 1);
  await page.fill('.palette-input', 'gnufique');
  await page.waitForSelector(`.choice[href="/spaces/${space}"]`);
  await page.fill('.palette-input', 'moule zorglubite');
  await Promise.all([page.waitForURL(SOUGHT), page.click('button.choice')]);
  assert.equal(await page.locator('.result').count(), 2);
  assert.deepEqual(who.troubles.filter((trouble) => !/status of 400/.test(trouble)), []);
  await who.close();
});

for (const script of [true, false]) {
  test(`a note to link to is found by its title and by its words, ${script ? 'as one types' : 'without a script'}`, { timeout: 180_000 }, async () => {
    const who = await worker(chrome, site, 'analyste-dr', { script });
    const { page } = who;
    const word = script ? 'Krtekite' : 'Gloubite';
    const { notes } = await house(who, word);
    await who.go(`/notes/${notes[2]}/link`);
    if (script) {
      await Promise.all([page.waitForResponse('**/suggest?*'), page.locator('#q').pressSequentially(`${word} ba`)]);
      await page.waitForSelector(`.pick input[value="${notes[1]}"]`);
      assert.equal(await page.locator('.pick').count(), 1);
      await page.check(`.pick input[value="${notes[1]}"]`);
      // What is chosen stays, whatever is typed next.
      await Promise.all([page.waitForResponse('**/suggest?*'), page.fill('#q', word)]);
      await page.waitForSelector(`.pick input[value="${notes[0]}"]`);
      assert.ok(await page.isChecked(`.pick input[value="${notes[1]}"]`));
    } else {
      await page.fill('#q', `${word} moule barre`);
      await page.click('button[name=find]');
      await page.check(`.pick input[value="${notes[1]}"]`);
    }
    await page.fill('#comment', 'Même four');
    await page.click('form.stack .actions button[type=submit]');
    await page.waitForURL(/\/notes\/[a-z2-7]{26}$/);
    assert.match(await page.innerText('.link-list'), new RegExp(`${word} en barre`));
    if (!script) {
      // The field of every page is a form like any other.
      await page.fill('.rail [data-search]', word);
      await Promise.all([page.waitForURL(SOUGHT), page.press('.rail [data-search]', 'Enter')]);
      assert.ok(await page.locator('.result').count() >= 2);
    }
    assert.deepEqual(who.troubles, []);
    await who.close();
  });
}
