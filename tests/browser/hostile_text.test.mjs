// The longest of these tests: by its name it begins early, beside shorter ones.
// Each payload in each field that people fill, on each page that shows it: nothing runs, nothing becomes an element, and the
// content policy reports nothing. The same payloads on a page without our care do run, and are heard.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { api, beside, browser, serve, worker } from './harness.mjs';

/** One JSON string a line: control characters and all. */
const PAYLOADS = readFileSync(beside('../xss/payloads.txt'), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
/** How many windows walk at once; how many spaces a page shows with a payload each. */
const WINDOWS = 3, TOGETHER = 6;

let site, chrome;
before(async () => { site = await serve(); chrome = await browser(); });
after(async () => { await chrome?.close(); await site?.stop(); });

/** What ran: the functions that payloads call are traps, and so is a report of the policy. */
async function trapped(who) {
  const ran = [];
  await who.context.exposeBinding('vigieTrap', (source, what) => ran.push(what));
  await who.context.addInitScript(() => {
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) {
      window[name] = (...given) => { window.vigieTrap(`ran ${name}(${given.map(String).join()}) on ${location.pathname}`); };
    }
    addEventListener('securitypolicyviolation', (event) => {
      window.vigieTrap(`policy ${event.violatedDirective} ${event.blockedURI} ${event.sample} on ${location.pathname}`);
    });
  });
  return ran;
}

/** What must not stand in a page, however it came there. Runs in the page. */
const foreign = () => {
  const found = [];
  const ours = (address) => !address || new URL(address, location.href).origin === location.origin;
  const known = new Set(['script', 'link']);
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName;
    if (/^(iframe|frame|object|embed|applet|style|base|math|audio|video|template|portal|foreignobject|animate|set|marquee|xss)$/i.test(name)) {
      found.push(`<${name}>`);
    }
    if (name === 'script' && (!element.getAttribute('src')?.startsWith('/assets/') || element.textContent)) found.push('a script');
    if (name === 'meta' && element.hasAttribute('http-equiv')) found.push('<meta http-equiv>');
    for (const { name: attribute, value } of element.attributes) {
      if (attribute.startsWith('on') || ['style', 'srcdoc', 'srcset', 'ping', 'background', 'xlink:href'].includes(attribute)) {
        found.push(`<${name} ${attribute}>`);
      }
      if (['href', 'src', 'action', 'formaction', 'data', 'poster', 'cite'].includes(attribute)) {
        let same = false;
        try { same = ours(value); } catch { same = false; }
        if (!same) found.push(`<${name} ${attribute}=${value.slice(0, 80)}>`);
      }
    }
    // What waits for a mouse, a key or the focus.
    if (!known.has(name) && element.closest('main')) {
      for (const event of ['mouseover', 'focus', 'error', 'load', 'toggle', 'animationend', 'pointerenter']) {
        element.dispatchEvent(new Event(event));
      }
    }
  }
  return found;
};

/** Opens pages in several windows of one person, and answers what was found on them. */
async function walk(who, paths, each = async () => {}) {
  const wrong = [], rest = [...paths];
  await Promise.all(Array.from({ length: WINDOWS }, async () => {
    const page = await who.context.newPage();
    for (let path = rest.shift(); path !== undefined; path = rest.shift()) {
      const answer = await page.goto(site.origin + path, { waitUntil: 'load' });
      if (answer.status() !== 200) wrong.push(`${path}: ${answer.status()}`);
      wrong.push(...(await page.evaluate(foreign)).map((what) => `${path}: ${what}`));
      await each(page);
      if (page.url() !== site.origin + path) wrong.push(`${path} led to ${page.url()}`);
    }
    await page.close();
  }));
  return wrong;
}

/** Does `act` for each payload, a few at once. */
async function each(act) {
  const rest = [...PAYLOADS.entries()];
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let next = rest.shift(); next; next = rest.shift()) await act(next[1], next[0]);
  }));
}

const taken = {};
const count = (field, answer) => {
  assert.ok([201, 422].includes(answer.status), `${field}: ${answer.status} ${JSON.stringify(answer.json)}`);
  taken[field] = (taken[field] ?? 0) + (answer.status === 201 ? 1 : 0);
  return answer.status === 201 ? { ...answer.json, tag: answer.headers.etag } : null;
};

/** Every page of a list that goes on. */
async function listed(who, path) {
  const paths = [];
  for (let next = path; next && paths.length < 40;) {
    paths.push(next);
    await who.go(next);
    next = await who.page.evaluate(() => document.querySelector('.more a[href*="after="]')?.getAttribute('href') ?? null);
    if (paths.includes(next)) break;
  }
  return paths;
}

test('no payload runs in any field of notes, links, files and messages', { timeout: 1_200_000 }, async () => {
  assert.ok(PAYLOADS.length >= 300, `${PAYLOADS.length} payloads`);
  const who = await worker(chrome, site, 'analyste-dr');
  const ran = await trapped(who);
  const make = async (field, path, body) => count(field, await api(who, site, 'POST', path, { working: 'DR', body }));
  const space = await make('space', '/spaces', { name: 'Essais', purpose: 'Essais' });
  const paths = ['/', '/messages', '/people', '/spaces', `/spaces/${space.id}/conversations`];
  let last = null;
  await each(async (payload, at) => {
    const safe = { space: space.id, kind: 'watch', title: `Essai ${at}`, body: payload };
    const note = await make('body', '/notes', safe);
    if (!note) return;
    paths.push(`/notes/${note.id}`);
    // One field after the other, so that one refusal does not spare the others.
    const { space: _, ...rest } = safe;
    let kept = rest, tag = note.tag;
    for (const [field, value] of [
      ['title', { title: payload }], ['tags', { tags: [payload] }],
      ['source', { sources: [{ url: payload, title: payload, author: payload, date: '2026' }] }],
    ]) {
      const answer = await api(who, site, 'PUT', `/notes/${note.id}`, {
        working: 'DR', body: { ...kept, ...value }, headers: { 'if-match': tag },
      });
      assert.ok([200, 422].includes(answer.status), `${field}: ${answer.status} ${JSON.stringify(answer.json)}`);
      taken[field] = (taken[field] ?? 0) + (answer.status === 200 ? 1 : 0);
      if (answer.status === 200) [kept, tag] = [{ ...kept, ...value }, answer.headers.etag];
    }
    if (at % 6 === 0) paths.push(...['edit', 'history', 'print', 'link', 'delete'].map((room) => `/notes/${note.id}/${room}`));
    if (last) await make('comment of a link', '/links', { from: note.id, to: last, type: 'related', comment: payload });
    last = note.id;
    const file = await make('file', `/notes/${note.id}/attachments`, { name: payload, size: 1 });
    if (file) {
      await who.context.request.put(`${site.origin}/api/v1/attachments/${file.id}/content?offset=0`, {
        headers: { 'vigie-working': 'DR', 'content-type': 'application/octet-stream' }, data: Buffer.from('x'),
      });
      if (at % 6 === 0) paths.push(`/files/${file.id}/delete`);
    }
    const talk = await make('topic', '/conversations', { title: payload, about: { note: note.id } })
      ?? await make('conversation', '/conversations', { title: `Essai ${at}`, about: { note: note.id } });
    const message = await make('message', `/conversations/${talk.id}/messages`, { text: payload });
    // The page of the note shows all of these; the rooms of their own a part of them.
    if (message && at % 6 === 0) paths.push(`/messages/${talk.id}`, `/messages/${talk.id}/${message.id}`);
  });
  console.log(`payloads taken: ${JSON.stringify(taken)}; ${paths.length} pages`);
  // The others break the field's own rules: control characters, length, slashes in the name of a file.
  for (const field of ['body', 'title', 'tags', 'source', 'comment of a link', 'topic', 'message']) {
    assert.ok(taken[field] >= 300, `${field} took ${taken[field]} payloads`);
  }
  assert.ok(taken.file >= 100, `names of files took ${taken.file} payloads`);
  paths.push(...await listed(who, '/'), ...await listed(who, `/spaces/${space.id}`), ...await listed(who, '/messages'));
  for (const kind of ['note', 'lien', 'conversation', 'message', 'pièce', 'espace']) {
    paths.push(...await listed(who, `/search?q=${encodeURIComponent(`type:${kind}`)}`));
  }
  const wrong = await walk(who, new Set(paths));
  // The palette shows titles too, by a script.
  await who.go('/');
  await who.page.keyboard.press('Control+k');
  for (const typed of ['script', 'img', 'svg', 'java', '<']) {
    const answered = typed.length > 1 ? who.page.waitForResponse('**/suggest?*') : null;
    await who.page.fill('.palette-input', typed);
    await answered;
    await who.page.waitForSelector('.choice');
    await who.page.waitForTimeout(100);
    wrong.push(...await who.page.evaluate(foreign));
  }
  // So does the form of a link.
  await who.go(paths.find((path) => path.endsWith('/link')));
  for (const typed of ['script', 'img', 'svg', 'alert']) {
    await Promise.all([who.page.waitForResponse('**/suggest?*'), who.page.fill('main input[name=q]', typed)]);
    await who.page.waitForTimeout(100);
    wrong.push(...(await who.page.evaluate(foreign)).map((what) => `a link to ${typed}: ${what}`));
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(ran, []);
  // A picture that is not there is asked for and not found.
  assert.deepEqual(who.troubles.filter((trouble) => !/status of 404 .*\/[a-z]+\/a{26}/.test(trouble)), []);
  await who.close();
});

test('no payload runs in a preview, beside the text that is typed or on the page of the form', { timeout: 1_200_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-dr');
  const ran = await trapped(who);
  const wrong = [], { page } = who;
  let beside = 0, whole = 0;
  await who.go('/notes/new');
  for (const [at, payload] of PAYLOADS.entries()) {
    await page.locator('#body').evaluate((field, text) => {
      field.value = text;
      const look = document.querySelector('[data-act=preview]');
      if (look.getAttribute('aria-pressed') === 'true') look.click();
      document.querySelector('[data-preview]').replaceChildren();
    }, payload);
    const [answer] = await Promise.all([page.waitForResponse('**/notes/preview'), page.evaluate(() => document.querySelector('[data-act=preview]').click())]);
    if (answer.status() === 200) {
      await page.waitForSelector('[data-preview] [data-preview-body]', { state: 'attached' });
      beside += 1;
    }
    wrong.push(...(await page.evaluate(foreign)).map((what) => `${at} beside: ${what}`));
    if (at % 8 > 0) continue;
    // The same without the script of the editor: the form comes back with the preview in it.
    await Promise.all([page.waitForEvent('load'), page.evaluate(() => document.querySelector('button[name=preview]').click())]);
    whole += await page.locator('[data-preview-body]').count() > 0 ? 1 : 0;
    wrong.push(...(await page.evaluate(foreign)).map((what) => `${at} in the form: ${what}`));
  }
  console.log(`previews: ${beside} beside, ${whole} in the form`);
  assert.ok(beside >= 300 && whole >= 38, `${beside} ${whole}`);
  assert.deepEqual([...new Set(wrong)], []);
  assert.deepEqual(ran, []);
  assert.deepEqual(who.troubles.filter((trouble) => !/status of 4(04|22)/.test(trouble)), []);
  await who.close();
});

test('no payload runs in a question, nor in what is told of it', { timeout: 1_200_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-dr');
  const ran = await trapped(who);
  const wrong = [], { page } = who;
  let told = 0;
  for (const [at, payload] of PAYLOADS.entries()) {
    await who.go('/search');
    await page.locator('#q').evaluate((field, text) => { field.value = text; }, payload);
    await Promise.all([page.waitForEvent('load'), page.locator('form.query').evaluate((form) => form.requestSubmit())]);
    told += await page.locator('.query-text').count();
    wrong.push(...(await page.evaluate(foreign)).map((what) => `${at} ${payload}: ${what}`));
  }
  assert.ok(told >= 20, `${told} were told what is wrong with them`);
  assert.deepEqual([...new Set(wrong)], []);
  assert.deepEqual(ran, []);
  assert.deepEqual(who.troubles.filter((trouble) => !/status of 400/.test(trouble)), []);
  await who.close();
});

test('no payload runs in the name or the purpose of a space, or in what a form gives back', { timeout: 600_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-s');
  const ran = await trapped(who);
  const wrong = [], { page } = who;
  // Several at once: every page shows the names of all my spaces, and their own page what they are for.
  const spaces = [];
  for (let number = 0; number < TOGETHER; number += 1) {
    const made = await api(who, site, 'POST', '/spaces', { working: 'S/ALPHA', body: { name: 'Essais', purpose: '' } });
    spaces.push({ id: made.json.id, tag: made.headers.etag });
  }
  let names = 0;
  for (let at = 0; at < PAYLOADS.length; at += TOGETHER) {
    for (const [number, payload] of PAYLOADS.slice(at, at + TOGETHER).entries()) {
      const space = spaces[number];
      for (const body of [{ name: payload, purpose: payload }, { name: 'Essais', purpose: payload }]) {
        const answer = await api(who, site, 'PUT', `/spaces/${space.id}`, { working: 'S/ALPHA', body, headers: { 'if-match': space.tag } });
        assert.ok([200, 422].includes(answer.status), `${answer.status} ${JSON.stringify(answer.json)}`);
        if (answer.status !== 200) continue;
        space.tag = answer.headers.etag;
        names += body.name === payload ? 1 : 0;
        break;
      }
    }
    const { id } = spaces[(at / TOGETHER) % TOGETHER];
    const room = ['', '/edit', '/members', '/conversations'][(at / TOGETHER) % 4];
    for (const path of ['/spaces', `/spaces/${id}${room}`]) {
      await who.go(path);
      wrong.push(...(await page.evaluate(foreign)).map((what) => `${at} ${path}: ${what}`));
    }
  }
  assert.ok(names >= 200, `${names} names were taken`);
  for (const path of ['/spaces', '/', '/notes/new', '/messages/new']) {
    await who.go(path);
    wrong.push(...await page.evaluate(foreign));
  }
  // Refused forms say again what was typed.
  for (const payload of PAYLOADS.filter((_, at) => at % 8 === 0)) {
    await who.go(`/notes/new?space=${spaces[0].id}`);
    const form = page.locator('form[action="/notes/new"]');
    await form.evaluate((element, text) => {
      for (const field of element.querySelectorAll('input[type=text], textarea')) field.value = text;
    }, payload);
    await Promise.all([page.waitForEvent('load'), form.evaluate((element) => { element.noValidate = true; element.requestSubmit(); })]);
    wrong.push(...(await page.evaluate(foreign)).map((what) => `given back ${payload}: ${what}`));
  }
  assert.deepEqual([...new Set(wrong)], []);
  assert.deepEqual(ran, []);
  assert.deepEqual(who.troubles.filter((trouble) => !/status of 4(04|22)/.test(trouble)), []);
  await who.close();
});

test('the traps hear what runs, and the policy what it stops', { timeout: 360_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-dr');
  const ran = await trapped(who);
  const { page } = who;
  const html = (payload) => `<!doctype html><title>planted</title><main>${payload}</main>`;
  let payload = '', policy = '';
  await who.context.route('**/planted', (route) => route.fulfill({
    contentType: 'text/html', body: html(payload), headers: policy ? { 'content-security-policy': policy } : {},
  }));
  const real = (await (await who.context.request.get(`${site.origin}/`)).headers())['content-security-policy'];
  assert.match(real, /default-src 'none'/);
  let loud = 0, stopped = 0, seen = 0;
  const some = PAYLOADS.filter((one, at) => at % 8 === 0 || one.startsWith('<script>'));
  for (payload of some) {
    for (policy of ['', real]) {
      const before = ran.length;
      await page.goto(`${site.origin}/planted`, { waitUntil: 'commit' }).catch(() => {});
      await page.waitForTimeout(60);
      const found = await page.evaluate(foreign).catch(() => ['gone']);
      await page.waitForTimeout(20);
      const now = ran.slice(before);
      if (policy === '') {
        loud += now.some((what) => what.startsWith('ran')) ? 1 : 0;
        seen += found.length ? 1 : 0;
      } else {
        assert.deepEqual(now.filter((what) => what.startsWith('ran')), [], payload);
        stopped += now.some((what) => what.startsWith('policy')) ? 1 : 0;
      }
    }
  }
  console.log(`planted: of ${some.length}, ${loud} ran, ${seen} were seen as foreign, ${stopped} were stopped and reported by the policy`);
  assert.ok(loud >= 15 && seen >= 15 && stopped >= 15, `${loud} ${seen} ${stopped}`);
  await who.close();
});
