// A page of somebody else, open in the browser of a person who has a certificate in it: nothing changes, nothing is read.
// The strangers are another site, and, worse, another port of the same machine, to which the browser sends our cookie.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, browser, serve, worker } from './harness.mjs';

let site, chrome, folder;
const strangers = [];
before(async () => {
  site = await serve();
  chrome = await browser();
  folder = mkdtempSync(join(tmpdir(), 'vigie-stranger-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert,
    '-subj', '/CN=localhost', '-days', '2'], { stdio: 'ignore' });
  const answer = (request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>elsewhere</title><body><iframe name="sink"></iframe>');
  };
  const plain = createServer(answer), secure = createSecure({ key: readFileSync(key), cert: readFileSync(cert) }, answer);
  for (const [server, address] of [[plain, (port) => `http://127.0.0.1:${port}`], [secure, (port) => `https://localhost:${port}`]]) {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    strangers.push([server, address(server.address().port)]);
  }
});
after(async () => {
  await chrome?.close();
  for (const [server] of strangers) { server.closeAllConnections(); server.close(); }
  await site?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What changed, by the journal: entries since `number` that were allowed to do more than read. */
async function changes(officer, number) {
  const done = [];
  for (let before = null; ;) {
    const { items } = (await api(officer, site, 'GET', `/journal?limit=200${before ? `&before=${before}` : ''}`)).json;
    done.push(...items.filter((entry) => entry.number > number));
    if (!items.length || items.at(-1).number <= number) break;
    before = items.at(-1).number;
  }
  return {
    all: done.length,
    acts: [...new Set(done.filter((entry) => entry.verdict === 'allow').map((entry) => entry.act))]
      .filter((act) => /create|change|delete|remove|add|enrol|dismiss|post|edit|withdraw|restore|append|begin|import|link|draft|working|mark|tick|seen/.test(act) && !/read|list/.test(act)),
  };
}

/** Everything that a page of a stranger can send by itself. Runs in his page. */
async function attack([origin, paths]) {
  const fields = { title: 'intrus', name: 'intrus', text: 'intrus', level: 'NP', language: 'de', theme: 'dark', withdraw: 'yes' };
  const heard = [];
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  for (const path of paths) {
    const address = origin + path;
    for (const enctype of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
      const form = Object.assign(document.createElement('form'), { method: 'post', action: address, enctype, target: 'sink' });
      for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement('input'), { name, value }));
      document.body.append(form);
      form.submit();
      await wait(15);
    }
    const urlencoded = 'application/x-www-form-urlencoded';
    await Promise.allSettled(['text/plain', urlencoded].map((type) =>
      fetch(address, { method: 'POST', mode: 'no-cors', credentials: 'include', headers: { 'content-type': type }, body: new URLSearchParams(fields).toString() })));
    navigator.sendBeacon(address, new URLSearchParams(fields));
    for (const method of ['GET', 'PUT', 'DELETE', 'POST', 'PATCH']) {
      const answer = await fetch(address, {
        method, credentials: 'include', ...(method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: '{}' }),
      }).then((answer) => answer.text(), () => null);
      if (answer !== null) heard.push(`${method} ${path}`);
    }
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.withCredentials = true;
    request.send(new URLSearchParams(fields));
    for (const [name, attribute] of [['img', 'src'], ['script', 'src'], ['link', 'href'], ['iframe', 'src'], ['object', 'data'], ['embed', 'src'], ['video', 'src']]) {
      const element = document.createElement(name);
      if (name === 'link') element.rel = 'stylesheet';
      element.onload = () => { if (!['iframe', 'object', 'embed'].includes(name)) heard.push(`${name} ${path} loaded`); };
      element[attribute] = address;
      document.body.append(element);
      await wait(5);
      if (name === 'iframe' || name === 'object') {
        try { if (element.contentDocument?.body?.innerText) heard.push(`${name} ${path} read`); } catch { /* as it should be */ }
      }
    }
  }
  const socket = new WebSocket(`${origin.replace('https', 'wss')}/`);
  socket.onopen = () => heard.push('a WebSocket opened');
  const events = new EventSource(`${origin}/api/v1/live`, { withCredentials: true });
  events.onopen = () => heard.push('a stream of events opened');
  await wait(1000);
  events.close();
  return heard;
}

test('no request that another origin can make changes anything or is answered with content', { timeout: 600_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-dr');
  const officer = await worker(chrome, site, 'officier');
  const space = (await api(who, site, 'POST', '/spaces', { working: 'DR', body: { name: 'Témoin', purpose: '' } })).json;
  const note = (await api(who, site, 'POST', '/notes', { working: 'DR', body: { space: space.id, kind: 'watch', title: 'Témoin', body: 'Témoin' } })).json;
  const talk = (await api(who, site, 'POST', '/conversations', { working: 'DR', body: { title: 'Témoin', about: { note: note.id } } })).json;
  const said = (await api(who, site, 'POST', `/conversations/${talk.id}/messages`, { working: 'DR', body: { text: 'Témoin' } })).json;
  const watch = (await api(who, site, 'POST', '/watches', { working: 'DR', body: { name: 'Témoin', query: 'témoin', space: space.id } })).json;
  // Everything that the pages themselves post to, found on the pages.
  const targets = new Set(['/api/v1/notes', '/api/v1/spaces', `/api/v1/notes/${note.id}`, '/notes/new', '/working', '/preferences', '/api/v1/watches', `/watches/${watch.id}/seen`]);
  const pages = ['/', `/notes/${note.id}`, `/notes/${note.id}/edit`, `/notes/${note.id}/history`, `/notes/${note.id}/delete`, `/notes/${note.id}/link`,
    `/spaces/${space.id}`, `/spaces/${space.id}/edit`, `/spaces/${space.id}/members`, `/notes/new?space=${space.id}`, '/me', '/spaces/new',
    `/messages/${talk.id}`, `/messages/${talk.id}/${said.id}`, '/messages/new',
    '/watches/new', `/watches/${watch.id}`, `/watches/${watch.id}/edit`, `/watches/${watch.id}/delete`];
  for (const path of pages) {
    await who.go(path);
    for (const action of await who.page.$$eval('form[method=post]', (forms) => forms.map((form) => new URL(form.action).pathname))) targets.add(action);
  }
  assert.ok(targets.size >= 15, [...targets].join(' '));
  const cookies = await who.context.cookies();
  for (const [, origin] of strangers) {
    const { number } = (await api(officer, site, 'GET', '/journal?limit=1')).json.items[0];
    const page = await who.context.newPage();
    await page.goto(origin);
    const heard = await page.evaluate(attack, [site.origin, [...targets]]);
    // And windows of ours that he opens: he keeps no hold of them.
    const [opened] = await Promise.all([who.context.waitForEvent('page'), page.evaluate((address) => { window.held = window.open(address); }, `${site.origin}/`)]);
    await opened.waitForLoadState();
    // The window changes its group of pages when the answer has come, which the opener learns a moment later.
    await page.waitForFunction(() => window.held.closed, undefined, { timeout: 10_000 });
    assert.equal(await page.evaluate(() => { try { return window.held.document?.title ?? null; } catch { return null; } }), null);
    assert.equal(await opened.evaluate(() => window.opener), null);
    assert.deepEqual(heard, [], origin);
    const { all, acts } = await changes(officer, number);
    assert.deepEqual(acts, [], `${origin}: ${all} entries`);
    await opened.close();
    await page.close();
  }
  const now = (await api(who, site, 'GET', `/notes/${note.id}`, { working: 'DR' })).json;
  assert.equal(now.version, note.version);
  assert.deepEqual((await who.context.cookies()).map(({ name, value }) => [name, value]), cookies.map(({ name, value }) => [name, value]));
  await who.close();
  await officer.close();
});

test('the same acts, from our own pages, do change things: the watch on changes works', { timeout: 180_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-dr');
  const officer = await worker(chrome, site, 'officier');
  const { number } = (await api(officer, site, 'GET', '/journal?limit=1')).json.items[0];
  await who.go('/spaces/new');
  await who.page.fill('#name', 'Témoin');
  await who.page.click('form[action="/spaces/new"] button.first');
  await who.page.waitForURL(/\/spaces\/[a-z2-7]{26}/);
  const { acts } = await changes(officer, number);
  assert.ok(acts.length > 0, 'a space that is made shows');
  await who.close();
  await officer.close();
});
