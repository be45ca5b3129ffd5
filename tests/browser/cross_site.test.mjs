// A page of somebody else, open in the browser of a person who has his certificate in it: nothing changes.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { api, browser, person, serve } from './harness.mjs';

let site, chrome, strange, origin;
before(async () => {
  site = await serve();
  chrome = await browser();
  strange = createServer((request, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.end('<!doctype html><title>elsewhere</title><iframe name="sink"></iframe>');
  });
  await new Promise((resolve) => strange.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${strange.address().port}`;
});
after(async () => { await chrome?.close(); strange?.close(); await site?.stop(); });

const entries = async (officer, query) =>
  (await api(officer, site, 'GET', `/journal?${query}`)).json.items;

test('no request that another origin can make changes anything or is answered with content', async () => {
  const who = await person(chrome, site, 'analyste-s');
  const officer = await person(chrome, site, 'officier');
  const notes = (await api(who, site, 'GET', '/feed?limit=1', { working: 'DR' })).json.items;
  const note = notes[0].id, space = notes[0].space;
  // Everything that the pages themselves post to, found on the pages.
  const targets = new Set([`/api/v1/notes`, `/api/v1/spaces`, `/api/v1/notes/${note}`, '/notes/new', '/working', '/me']);
  for (const path of ['/', `/notes/${note}`, `/notes/${note}/edit`, `/spaces/${space}`, `/notes/new?space=${space}`, '/me']) {
    await who.go(path);
    for (const action of await who.page.$$eval('form[method=post]', (forms) => forms.map((form) => new URL(form.action).pathname))) {
      targets.add(action);
    }
  }
  assert.ok(targets.size > 8, [...targets].join(' '));
  const before = (await entries(officer, 'limit=1'))[0].number;
  await who.page.goto(origin);
  for (const target of targets) {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
      await who.page.evaluate(async ([address, type]) => {
        const form = document.createElement('form');
        form.method = 'post';
        form.action = address;
        form.enctype = type;
        form.target = 'sink';
        for (const [name, value] of [['title', 'intrus'], ['name', 'intrus'], ['working', 'NP/ALL'], ['text', 'intrus']]) {
          const field = document.createElement('input');
          field.name = name;
          field.value = value;
          form.append(field);
        }
        document.body.append(form);
        form.submit();
        const types = [['POST', 'text/plain'], ['POST', 'application/x-www-form-urlencoded']];
        await Promise.allSettled(types.map(([method, type]) =>
          fetch(address, { method, mode: 'no-cors', credentials: 'include', headers: { 'content-type': type }, body: 'title=intrus' })));
        for (const method of ['PUT', 'DELETE', 'POST']) {
          const answer = await fetch(address, { method, credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' })
            .then(() => 'answered', () => 'refused');
          if (answer === 'answered') throw new Error(`${method} ${address} was answered across origins`);
        }
      }, [site.origin + target, type]);
    }
  }
  await who.page.waitForTimeout(500);
  const after = await entries(officer, `since-number=${before}&limit=200`.replace(/since-number=\d+&/, ''));
  const done = after.filter((entry) => entry.number > before && entry.verdict === 'allow' && /create|change|delete|add|remove|post|working/.test(entry.act));
  assert.deepEqual(done, []);
  assert.equal((await api(who, site, 'GET', `/notes/${note}`, { working: 'DR' })).json.version, notes[0].version);
  await who.close();
  await officer.close();
});

test('no page of ours can be framed, opened into, or read by another origin', async () => {
  const who = await person(chrome, site, 'analyste-s');
  await who.page.goto(origin);
  const seen = await who.page.evaluate(async (address) => {
    const frame = document.createElement('iframe');
    frame.src = address;
    document.body.append(frame);
    await new Promise((resolve) => { frame.onload = resolve; setTimeout(resolve, 2000); });
    const read = await fetch(address, { credentials: 'include' }).then((answer) => answer.text(), () => null);
    const script = await new Promise((resolve) => {
      const tag = document.createElement('script');
      tag.src = address;
      tag.onload = () => resolve('loaded');
      tag.onerror = () => resolve('refused');
      document.body.append(tag);
    });
    let inside = null;
    try { inside = frame.contentDocument?.body?.innerText ?? null; } catch { inside = null; }
    return { read, script, inside };
  }, `${site.origin}/`);
  assert.equal(seen.read, null);
  assert.equal(seen.script, 'refused');
  assert.ok(!seen.inside, seen.inside);
  await who.close();
});
