// Three hundred payloads and more in every field that people fill: nothing runs, and the policy reports nothing but
// the one violation that is planted to show that reports are heard.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { api, browser, lines, person, serve } from './harness.mjs';

const PAYLOADS = lines(join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../xss/payloads.txt'));
/** Payloads of one note's body; titles, names and the like take one each. */
const TOGETHER = 12;

let site, chrome;
before(async () => { site = await serve(); chrome = await browser(); });
after(async () => { await chrome?.close(); await site?.stop(); });

/** Tells whether anything ran: the words that payloads use are traps. */
async function trapped(who) {
  const ran = [];
  await who.context.exposeBinding('vigieTrap', (source, what) => ran.push(`${what} on ${source.page.url()}`));
  await who.context.addInitScript(() => {
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'eval']) {
      const kept = window[name];
      window[name] = function (...given) {
        window.vigieTrap(`${name}(${given.map(String).join()})`);
        return name === 'eval' ? kept.apply(this, given) : undefined;
      };
    }
    document.addEventListener('securitypolicyviolation', (event) => {
      window.vigieTrap(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return ran;
}

const made = async (who, path, body) => {
  const answer = await api(who, site, 'POST', path, { working: 'DR', body });
  return answer.status === 201 ? answer.json : null;
};

test('no payload runs in any field, on any page', async () => {
  assert.ok(PAYLOADS.length >= 300, `${PAYLOADS.length} payloads`);
  const who = await person(chrome, site, 'analyste-s');
  const ran = await trapped(who);
  // The working label of what follows, chosen as people choose it, is that of the space: the API names it itself.
  const pages = new Set(['/', '/spaces', '/messages']);
  let refused = 0;
  const space = await made(who, '/spaces', { name: 'Essais', purpose: PAYLOADS.slice(0, 30).join('\n\n') });
  pages.add(`/spaces/${space.id}`);
  for (let at = 0; at < PAYLOADS.length; at += TOGETHER) {
    const some = PAYLOADS.slice(at, at + TOGETHER);
    const note = await made(who, '/notes', {
      space: space.id, kind: 'watch', title: some[0], body: some.join('\n\n'), tags: some.slice(1, 3),
      sources: [{ url: some[3] ?? 'x', title: some[4] ?? 'x', author: some[5] ?? 'x', date: '2026' }],
    });
    // A payload with characters that no title may hold is refused there, and is in a body all the same.
    const kept = note ?? await made(who, '/notes', { space: space.id, kind: 'watch', title: `Essai ${at}`, body: some.join('\n\n') });
    if (!note) refused += 1;
    if (!kept) continue;
    pages.add(`/notes/${kept.id}`);
    const talk = await made(who, '/conversations', { title: some[6] ?? 'x', about: { note: kept.id } });
    if (talk) {
      for (const text of some) await made(who, `/conversations/${talk.id}/messages`, { text });
      pages.add(`/messages/${talk.id}`);
    }
    if (at > 0) {
      const [first] = [...pages].filter((page) => page.startsWith('/notes/'));
      await made(who, '/links', { from: kept.id, to: first.slice(7), type: 'related', comment: some[7] ?? 'x' });
    }
  }
  assert.ok(refused < PAYLOADS.length / TOGETHER, 'some titles were taken');
  for (const payload of PAYLOADS) {
    const note = await made(who, '/notes', { space: space.id, kind: 'idea', title: payload, tags: [payload.slice(0, 60)] });
    if (note && pages.size < 90) pages.add(`/notes/${note.id}`);
  }
  await who.go('/');
  for (const page of pages) {
    const answer = await who.go(page);
    assert.equal(answer.status(), 200, page);
    // What waits for a mouse, a key or the focus.
    for (const handle of (await who.page.$$('main *')).slice(0, 60)) {
      await handle.dispatchEvent('mouseover').catch(() => {});
      await handle.dispatchEvent('focus').catch(() => {});
      await handle.dispatchEvent('error').catch(() => {});
    }
    const odd = await who.page.evaluate(() => [...document.querySelectorAll('main a[href], main img[src], main form[action]')]
      .map((element) => element.href ?? element.src ?? element.action)
      .filter((address) => !String(address).startsWith(location.origin)));
    assert.deepEqual(odd, [], page);
    assert.equal(await who.page.$$eval('main script, main iframe, main object, main embed, main style, main svg script, main base, main meta',
      (all) => all.length), 0, page);
  }
  await who.page.waitForTimeout(300);
  assert.deepEqual(ran, []);
  assert.deepEqual(who.troubles, []);
  // The watch works: a violation on purpose is heard.
  await who.page.evaluate(() => {
    const image = document.createElement('img');
    image.src = 'https://elsewhere.invalid/x.png';
    document.body.append(image);
  });
  await who.page.waitForTimeout(500);
  assert.equal(ran.filter((what) => what.startsWith('policy: img-src')).length, 1, ran.join());
  await who.close();
});
