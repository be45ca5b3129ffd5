// The browser's own TLS, with a certificate as a workstation holds it; and after a day's work nothing that was read or written is
// in the browser's own files: history, sessions, caches, filled forms, storage.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { browser, follow, person, serve } from './harness.mjs';
import { home } from './nss.mjs';

let site;
before(async () => { site = await serve(); });
after(async () => { await site?.stop(); });

function* files(dir) {
  for (const name of readdirSync(dir)) {
    const path = join(dir, name);
    const kind = statSync(path, { throwIfNoEntry: false });
    if (kind?.isDirectory()) yield* files(path);
    else if (kind?.isFile()) yield path;
  }
}

/** Where words stand in the files of a folder, as the two encodings that browsers write. */
function found(folder, words) {
  const places = [];
  for (const path of files(folder)) {
    const bytes = readFileSync(path);
    for (const word of words) {
      for (const encoding of ['utf8', 'utf16le']) {
        if (bytes.includes(Buffer.from(word, encoding))) places.push(`${word} in ${path.slice(folder.length)}`);
      }
    }
  }
  return places.sort();
}

const CANARIES = ['title', 'body', 'tag', 'source', 'author', 'comment', 'space', 'purpose', 'topic', 'message', 'unsent', 'file', 'content', 'palette', 'search']
  .map((field) => `Zorglub-${field}-gnuf`);
const canary = (field) => CANARIES.find((word) => word.includes(`-${field}-`));

/** A day's work, at the keyboard: what is typed is typed key by key, as forms that browsers remember are. */
async function day(page) {
  const type = async (selector, text) => { await page.click(selector); await page.keyboard.type(text); };
  const go = (path) => page.goto(site.origin + path);
  await go('/about');
  await page.click('.working-btn');
  await page.check('#travail input[name=level][value=DR]');
  await follow(page, '#travail button[type=submit]');
  await go('/spaces/new');
  await type('#name', canary('space'));
  await type('#purpose', canary('purpose'));
  await follow(page, 'form[action="/spaces/new"] button.first');
  const space = new URL(page.url()).pathname.split('/')[2];
  await go(`/notes/new?space=${space}`);
  await type('#title', canary('title'));
  await type('[name=tags]', canary('tag'));
  await type('[name=source-title]', canary('source'));
  await type('[name=source-author]', canary('author'));
  await type('#body', `${canary('body')} `.repeat(20));
  await follow(page, 'form[action="/notes/new"] button.first');
  const note = new URL(page.url()).pathname;
  await type('.composer textarea', canary('comment'));
  await follow(page, '.composer button');
  await page.setInputFiles('input[type=file]', { name: `${canary('file')}.txt`, mimeType: 'text/plain', buffer: Buffer.from(`${canary('content')}\n`.repeat(100)) });
  await follow(page, 'form[data-upload] button');
  await page.waitForSelector(`.files >> text=${canary('file')}`);
  await go(`/messages/new?space=${space}`);
  await type('#title', canary('topic'));
  await type('#text', canary('message'));
  await follow(page, 'form[action="/messages/new"] button.first');
  for (const path of ['/', '/spaces', `/spaces/${space}`, note, `${note}/history`, `${note}/print`, `${note}/edit`, '/messages', '/people', '/me']) {
    await go(path);
    await page.waitForTimeout(50);
  }
  // A search: its results, another order, and back.
  await go('/');
  await type('.rail [data-search]', canary('search'));
  await Promise.all([page.waitForURL(/\/search\?s=/), page.keyboard.press('Enter')]);
  await type('#q', ` OR ${canary('title')}`);
  await Promise.all([page.waitForURL(/\/search\?s=/), page.keyboard.press('Enter')]);
  await page.waitForSelector('.result');
  await Promise.all([page.waitForURL(/sort=date/), page.click('.seg a[href*="sort=date"]')]);
  await page.goBack();
  await page.waitForSelector('.result');
  await go('/');
  await page.keyboard.press('Control+k');
  await page.waitForSelector('.choice');
  await page.keyboard.type(canary('palette'));
  return note;
}

test('nothing of a day is in the profile, in storage, in caches, or readable by scripts in cookies', { timeout: 360_000 }, async () => {
  const place = home(site, 'analyste-s');
  const context = await place.open();
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const first = await page.goto(`${site.origin}/`);
  const tls = await first.securityDetails();
  assert.equal(tls.protocol, 'TLS 1.3');
  assert.equal(tls.subjectName, 'localhost');
  assert.match(await page.innerText('.who'), /\S/);
  const note = await day(page);
  const stored = await page.evaluate(async () => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    caches: await caches.keys(),
    databases: (await indexedDB.databases()).map((database) => database.name),
    cookies: document.cookie,
    workers: (await navigator.serviceWorker?.getRegistrations() ?? []).length,
    files: await navigator.storage.estimate().then(({ usage }) => usage),
  }));
  assert.deepEqual(stored, { local: [], session: [], caches: [], databases: [], cookies: '', workers: 0, files: 0 });
  for (const cookie of await context.cookies()) {
    assert.ok(cookie.httpOnly && cookie.secure && cookie.sameSite === 'Strict', cookie.name);
    assert.ok(!/analyste|alpha|diffusion|working|"/i.test(decodeURIComponent(cookie.value)), 'sealed');
  }
  // Words that were typed and not sent, when the browser is shut or falls over.
  await page.goto(`${site.origin}${note}/edit`);
  await page.click('#title');
  await page.keyboard.type(canary('unsent'));
  await page.click('#body');
  await page.keyboard.type(canary('unsent'));
  await page.waitForTimeout(3000);
  assert.deepEqual(found(place.profile, CANARIES), [], 'while the browser runs');
  await context.close();
  assert.deepEqual(found(place.profile, CANARIES), [], 'after the browser has been shut');
  place.remove();
});

test('the search finds the words of a page that takes no care', { timeout: 180_000 }, async () => {
  const careless = createServer((request, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.setHeader('cache-control', 'max-age=3600');
    answer.end(`<!doctype html><title>${canary('title')}</title><p>${canary('body')}</p><form><input name="a"><button>b</button></form>
      <script>localStorage.setItem('kept', '${canary('message')}')</script>`);
  });
  await new Promise((resolve) => careless.listen(0, '127.0.0.1', resolve));
  const place = home(site, 'analyste-s');
  const context = await place.open();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${careless.address().port}/`);
  await page.click('input');
  await page.keyboard.type(canary('unsent'));
  await page.click('button');
  await page.waitForTimeout(3000);
  await context.close();
  careless.close();
  const places = found(place.profile, CANARIES).join('\n');
  for (const [word, file] of [['title', 'History'], ['body', 'Cache'], ['message', 'Local Storage']]) {
    assert.match(places, new RegExp(`${canary(word)} in .*${file}`));
  }
  console.log(places);
  place.remove();
});

test('without a certificate there is no page', { timeout: 180_000 }, async () => {
  const chrome = await browser();
  try {
    const nobody = await person(chrome, site, null);
    await assert.rejects(nobody.go('/'), /ERR_BAD_SSL_CLIENT_AUTH_CERT|ERR_SSL|ERR_CONNECTION|ERR_SOCKET_NOT_CONNECTED/);
  } finally {
    await chrome.close();
  }
});
