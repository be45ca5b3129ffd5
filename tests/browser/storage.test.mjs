// After a day's work nothing that was read or written is in the browser's own files.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM, api, serve } from './harness.mjs';

let site, folder;
before(async () => { site = await serve(); folder = mkdtempSync(join(tmpdir(), 'vigie-profile-')); });
after(async () => { await site?.stop(); rmSync(folder, { recursive: true, force: true }); });

function* files(dir) {
  for (const name of readdirSync(dir)) {
    const path = join(dir, name);
    const kind = statSync(path, { throwIfNoEntry: false });
    if (kind?.isDirectory()) yield* files(path);
    else if (kind?.isFile()) yield path;
  }
}

test('no word of a page is in the profile, in storage, in caches, or readable by scripts in cookies', async () => {
  const people = join(site.dir, 'people');
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: CHROMIUM, headless: true, chromiumSandbox: false, ignoreHTTPSErrors: true, locale: 'fr-FR',
    args: ['--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    clientCertificates: [{ origin: site.origin, certPath: join(people, 'analyste-s.pem'), keyPath: join(people, 'analyste-s.key') }],
  });
  const who = { context };
  const space = (await api(who, site, 'POST', '/spaces', { working: 'DR', body: { name: 'Zorglub-espace', purpose: 'Zorglub-but' } })).json;
  const note = (await api(who, site, 'POST', '/notes', { working: 'DR', body: {
    space: space.id, kind: 'watch', title: 'Zorglub-titre', body: 'Zorglub-corps '.repeat(50), tags: ['Zorglub-tag'],
  } })).json;
  const page = await context.newPage();
  for (const path of ['/', '/spaces', `/spaces/${space.id}`, `/notes/${note.id}`, `/notes/${note.id}/edit`, `/notes/${note.id}`,
    '/messages', '/people', '/me', '/']) {
    await page.goto(site.origin + path);
    await page.waitForTimeout(50);
  }
  const stored = await page.evaluate(async () => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    caches: await caches.keys(),
    databases: (await indexedDB.databases()).map((database) => database.name),
    cookies: document.cookie,
    workers: (await navigator.serviceWorker?.getRegistrations() ?? []).length,
  }));
  assert.deepEqual(stored, { local: [], session: [], caches: [], databases: [], cookies: '', workers: 0 });
  for (const cookie of await context.cookies()) {
    assert.ok(cookie.httpOnly && cookie.secure && cookie.sameSite === 'Strict', cookie.name);
    assert.ok(!/DR|NP|analyste/.test(decodeURIComponent(cookie.value)), 'sealed');
  }
  await context.close();
  const found = [];
  for (const path of files(folder)) {
    const bytes = readFileSync(path);
    for (const word of ['Zorglub-espace', 'Zorglub-but', 'Zorglub-titre', 'Zorglub-corps', 'Zorglub-tag']) {
      for (const encoding of ['utf8', 'utf16le']) {
        if (bytes.includes(Buffer.from(word, encoding))) found.push(`${word} in ${path.slice(folder.length)}`);
      }
    }
  }
  // The titles of windows too: the browser keeps them in its history and its sessions.
  assert.deepEqual(found, []);
});
