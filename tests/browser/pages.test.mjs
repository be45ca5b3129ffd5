// Every page that links lead to, as each person, in each language, both themes and two widths: accessible, marked, light, silent.

import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { PEOPLE, api, browser, follow, person, serve, worker } from './harness.mjs';
import { crawl } from './crawl.mjs';

let site, chrome;
before(async () => { site = await serve(); chrome = await browser(); });
after(async () => { await chrome?.close(); await site?.stop(); });

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const NARROW_RULES = ['color-contrast', 'target-size', 'scrollable-region-focusable', 'aria-hidden-focus', 'page-has-heading-one', 'region',
  'label', 'link-name', 'button-name', 'nested-interactive'];
const LOCALES = { fr: 'fr-FR', en: 'en-GB', de: 'de-DE' };
const WIDE = { width: 1280, height: 900 }, NARROW = { width: 390, height: 844 };
/** Of one page, style and script included, as it comes over the wire. */
const WEIGHT_BYTES_MAX = 60 * 1024, REQUESTS_MAX = 6;

/** What axe finds; through the debugger, because the page's own policy forbids any script but its own. */
async function problems(page, only = RULES) {
  if (!(await page.evaluate('window.axe !== undefined'))) await page.evaluate(axe.source);
  const found = await page.evaluate(async (only) => {
    const { violations } = await window.axe.run(document, { runOnly: only, resultTypes: ['violations'], preload: false });
    return violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.html.slice(0, 160))]);
  }, only);
  return found.map(([id, nodes]) => `${id}: ${nodes.join(' | ')}`);
}

/** Marked above and below, named, in the reader's language, and nothing sticks out sideways. */
const marked = (page) => page.evaluate(() => {
  const found = [];
  const [top, bottom] = ['.banner-top', '.banner-bottom'].map((place) => document.querySelector(place)?.querySelector('.banner-text')?.innerText);
  if (!top || top !== bottom) found.push(`banners: ${top} and ${bottom}`);
  if (!document.title) found.push('no title');
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) found.push(`sideways by ${wide} px`);
  for (const form of document.querySelectorAll('form')) {
    // Or the browser keeps what is typed, in clear, in its profile.
    if (form.querySelector('textarea, input[type=text], input[type=search]') && form.autocomplete !== 'off') found.push(`a form that browsers remember: ${form.action}`);
  }
  if (document.querySelector('[style],style,script:not([src])')) found.push('inline style or script');
  return found;
});

/** All that is examined on a page as it stands: wide and narrow, light and dark. */
async function examined(page) {
  const wrong = [];
  for (const viewport of [WIDE, NARROW]) {
    await page.setViewportSize(viewport);
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme });
      // Colours are all that the theme changes; a narrow window moves, hides and shrinks what is there.
      const rules = theme === 'dark' ? ['color-contrast'] : viewport === WIDE ? RULES : NARROW_RULES;
      const found = [...(theme === 'light' ? await marked(page) : []), ...await problems(page, rules)];
      wrong.push(...found.map((problem) => `${theme}, ${viewport.width}: ${problem}`));
    }
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light' });
  return wrong;
}

// Two at once: one waits for the server while the other is examined.
const cases = Object.keys(PEOPLE).flatMap((name) => Object.entries(LOCALES).map(([language, locale]) => [name, language, locale]));
describe('every page, as each person, in each language', { concurrency: 2 }, () => {
  for (const [name, language, locale] of cases) {
    test(`no page of ${name} in ${language} breaks a rule`, { timeout: 600_000 }, async () => {
      const who = await worker(chrome, site, name, { locale });
      const wrong = [];
      // The language is the person's choice, whatever the browser says.
      await follow(who.page, `.rail button[name=language][value=${language}]`);
      // Two of each kind for one person, so that one with much and one with little on it are seen.
      const each = name === 'analyste-s' && language === 'fr' ? 2 : 1;
      const kinds = await crawl(who, site, each, async (page, kind) => {
        const spoken = await page.getAttribute('html', 'lang');
        if (spoken !== language) wrong.push(`${kind}: speaks ${spoken}`);
        wrong.push(...(await examined(page)).map((problem) => `${kind}: ${problem}`));
      });
      wrong.push(...who.troubles);
      assert.ok(kinds.size >= (name === 'officier' ? 5 : 20), `pages found: ${[...kinds.keys()].join(' ')}`);
      assert.deepEqual([...new Set(wrong)], []);
      await who.close();
    });
  }
});

test('no page is heavier than people with slow lines can bear', { timeout: 360_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-s');
  // As if every page were the first one: with style and script.
  const debug = await who.context.newCDPSession(who.page);
  await debug.send('Network.enable');
  await debug.send('Network.setCacheDisabled', { cacheDisabled: true });
  let requests = 0, bytes = 0;
  debug.on('Network.requestWillBeSent', () => { requests += 1; });
  debug.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  const heavy = [], all = [];
  let [before, heard] = [0, 0];
  await crawl(who, site, 2, async (page, kind) => {
    await page.waitForLoadState('networkidle');
    const [weight, count] = [bytes - before, requests - heard];
    [before, heard] = [bytes, requests];
    // A printed space is as long as the space.
    const long = weight > WEIGHT_BYTES_MAX && kind !== '/spaces/:id/print';
    all.push([kind, weight, count]);
    if (long || count > REQUESTS_MAX) heavy.push(`${kind}: ${weight} bytes, ${count} requests`);
  });
  // A search is no link: a page full of results.
  await who.go('/search?q=type%3Anote');
  await who.page.waitForLoadState('networkidle');
  assert.equal(await who.page.locator('.result').count(), 20);
  all.push(['/search?q', bytes - before, requests - heard]);
  if (bytes - before > WEIGHT_BYTES_MAX || requests - heard > REQUESTS_MAX) heavy.push(`a search: ${bytes - before} bytes, ${requests - heard} requests`);
  const [kind, weight, count] = all.reduce((most, page) => (page[1] > most[1] ? page : most));
  console.log(`heaviest page: ${kind}, ${weight} bytes in ${count} requests; ${all.length} pages`);
  assert.ok(weight > 4096 && count > 2, 'style and script are counted');
  assert.deepEqual(heavy, []);
  await who.close();
});

test('what opens over a page breaks no rule either', { timeout: 360_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-s');
  const { page } = who;
  const wrong = [];
  const look = async (what) => wrong.push(...(await examined(page)).map((problem) => `${what}: ${problem}`));
  await who.go('/');
  await page.click('.working-btn');
  await look('working label');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.waitForSelector('.choice');
  await page.keyboard.type('a');
  await look('palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.waitForSelector('dialog[open]');
  await look('shortcuts');
  await who.go('/');
  await page.setViewportSize(NARROW);
  await page.click('.phonebar button');
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme });
    wrong.push(...(await problems(page)).map((problem) => `menu of a phone: ${theme}: ${problem}`));
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(who.troubles, []);
  await who.close();
});

test('a search breaks no rule: results, nothing, people, a mistake, help, and a note to link to', { timeout: 600_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-s');
  const { page } = who;
  const wrong = [];
  for (const [what, question] of [
    ['results', 'type:note'], ['words', 'capteur'], ['everything', 'le OR la'], ['nothing', 'zorglubgnuf'], ['people', 'analyste'], ['a mistake', 'radar couleur:bleu'],
  ]) {
    await who.go('/search');
    await page.fill('#q', question);
    await Promise.all([page.waitForURL(/\/search\?s=/), page.press('#q', 'Enter')]);
    wrong.push(...(await examined(page)).map((problem) => `${what}: ${problem}`));
    await page.click('.query-help summary');
    wrong.push(...(await problems(page)).map((problem) => `${what}, help: ${problem}`));
  }
  await who.go('/');
  await who.go(`${await page.getAttribute('a.row-title', 'href')}/link`);
  await Promise.all([page.waitForResponse('**/suggest?*'), page.fill('main input[name=q]', 'de')]);
  await page.waitForTimeout(200);
  wrong.push(...(await examined(page)).map((problem) => `a note to link to: ${problem}`));
  assert.deepEqual([...new Set(wrong)], []);
  assert.deepEqual(who.troubles.filter((trouble) => !/status of 400/.test(trouble)), []);
  await who.close();
});

test('a page of what went wrong breaks no rule either', { timeout: 360_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-s');
  const { page } = who;
  const wrong = [];
  const look = async (what) => wrong.push(...(await examined(page)).map((problem) => `${what}: ${problem}`));
  const space = (await page.getAttribute('.rail a[href^="/spaces/"]', 'href')).split('/').pop();
  // Absent: a note, an address, an identifier that is none.
  for (const path of [`/notes/${'a'.repeat(26)}`, '/nowhere', '/notes/absent', '/?after=nonsense']) {
    const answer = await who.go(path);
    assert.ok(answer.status() >= 400, path);
    await look(path);
  }
  // Refused, with what was typed.
  await who.go(`/notes/new?space=${space}`);
  await page.fill('#title', 'Une date qui n’en est pas une');
  await page.fill('#expires', 'demain');
  await page.click('form[action="/notes/new"] button.first');
  await page.waitForSelector('[role=alert]');
  assert.equal(await page.inputValue('#title'), 'Une date qui n’en est pas une');
  await look('a refused note');
  await who.go('/spaces/new');
  await page.fill('#name', 'Un nom \u202e à l’envers');
  await page.click('form[action="/spaces/new"] button.first');
  await page.waitForSelector('[aria-invalid=true], [role=alert]');
  await look('a refused space');
  // Stale: two versions.
  await who.go('/');
  const { json } = await api(who, site, 'POST', '/notes', { working: 'S/ALPHA', body: { space, kind: 'watch', title: 'Deux plumes', body: 'La première.' } });
  await who.go(`/notes/${json.id}/edit`);
  const tag = (await api(who, site, 'GET', `/notes/${json.id}`, { working: 'S/ALPHA' })).headers.etag;
  const other = await api(who, site, 'PUT', `/notes/${json.id}`, {
    working: 'S/ALPHA', body: { kind: 'watch', title: 'Deux plumes', body: 'La seconde.' }, headers: { 'if-match': tag },
  });
  assert.equal(other.status, 200);
  await page.fill('#body', 'La troisième.');
  await page.click('form[action$="/edit"] button.first');
  await page.waitForSelector('.difference');
  await look('two versions');
  assert.deepEqual(wrong, []);
  assert.deepEqual(who.troubles.filter((trouble) => !/status of 4/.test(trouble)), []);
  await who.close();
});

test('a note with many sources shows a few of them, and all on paper', { timeout: 180_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-s');
  const { page } = who;
  await who.go('/');
  const space = (await page.getAttribute('.rail a[href^="/spaces/"]', 'href')).split('/').pop();
  const sources = Array.from({ length: 9 }, (_, at) => ({ url: '', title: `Carnet ${at}`, author: '', date: '' }));
  const { json } = await api(who, site, 'POST', '/notes', { working: 'S/ALPHA', body: { space, kind: 'watch', title: 'Bien étayée', body: 'Texte.', sources } });
  await who.go(`/notes/${json.id}`);
  const seen = () => page.locator('.source').evaluateAll((all) => all.filter((line) => line.checkVisibility({ contentVisibilityAuto: true })).length);
  assert.equal(await seen(), 5);
  assert.deepEqual(await examined(page), []);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await seen(), 9);
  await page.emulateMedia({ media: 'screen' });
  await page.click('.sources summary');
  assert.equal(await seen(), 9);
  // What leaves is looked at before: a printed note folds nothing.
  await who.go(`/notes/${json.id}/print`);
  assert.equal(await seen(), 9);
  assert.deepEqual(who.troubles, []);
  await who.close();
});

test('the examination finds what is planted', { timeout: 180_000 }, async () => {
  const who = await person(chrome, site, 'analyste-dr');
  await who.go('/');
  await who.page.evaluate(() => {
    const picture = document.createElement('img');
    picture.src = '/nowhere.png';
    const line = document.createElement('p');
    line.textContent = 'x'.repeat(400);
    document.querySelector('main').append(picture, line);
    document.querySelector('.banner-bottom').remove();
    const other = document.createElement('img');
    other.src = 'https://elsewhere.invalid/';
    document.body.append(other);
  });
  await who.page.waitForTimeout(300);
  const wrong = (await examined(who.page)).join('\n');
  assert.match(wrong, /image-alt/);
  assert.match(wrong, /banners/);
  assert.match(wrong, /sideways/);
  assert.match(who.troubles.join('\n'), /Content Security Policy/);
  await who.close();
});

test('without scripts every page is there and says the same', { timeout: 360_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-s', { script: false });
  const kinds = await crawl(who, site, 1, async (page, kind) => {
    assert.ok(await page.$('.banner-top') && await page.$('.banner-bottom'), kind);
    assert.ok((await page.innerText('main')).length > 0, kind);
  });
  assert.ok(kinds.size >= 20, [...kinds.keys()].join(' '));
  await who.close();
});
