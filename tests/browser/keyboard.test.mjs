// The same walk with the keyboard alone: everything is reached, its focus is seen, and nothing lies over it.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { browser, follow, person, serve, workAt } from './harness.mjs';

let site, chrome;
before(async () => { site = await serve(); chrome = await browser(); });
after(async () => { await chrome?.close(); await site?.stop(); });

/** As many as the longest page has stops. */
const STOPS_MAX = 150;
const NOTE = /\/notes\/[a-z2-7]{26}(#.*)?$/;

/** What has the focus: whether it matches, shows it, and lies open. Runs in the page. */
const focused = (selector) => {
  const element = document.activeElement;
  if (!element || element === document.body) return { at: 'body', fits: false, faults: [] };
  const faults = [];
  const box = element.getBoundingClientRect();
  const name = `${element.localName}${element.id ? `#${element.id}` : ''} ${element.textContent.trim().slice(0, 30)}`;
  if (box.width > 1 && box.height > 1) {
    const style = getComputedStyle(element);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const label = element.closest('label, .editor, .composer');
    const around = label && (getComputedStyle(label).outlineStyle !== 'none' || getComputedStyle(label).boxShadow !== 'none');
    if (!ring && style.boxShadow === 'none' && !around) faults.push(`${name}: the focus is not seen`);
    const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
    const open = points.some(([x, y]) => {
      const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      return top && (element.contains(top) || top.contains(element) && !top.closest('.banner') || top.closest('label')?.control === element);
    });
    if (!open) faults.push(`${name}: something lies over it at ${Math.round(box.left)},${Math.round(box.top)}`);
  }
  return { at: name, fits: element.matches(selector), faults };
};

async function reach(page, selector, faults) {
  const passed = [];
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    const state = await page.evaluate(focused, selector);
    faults.push(...state.faults);
    if (state.fits) return;
    passed.push(state.at);
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} was not reached: ${passed.slice(-40).join(' > ')}`);
}

for (const viewport of [{ width: 1280, height: 720 }, { width: 800, height: 600 }]) {
  test(`every act is done with the keyboard alone, ${viewport.width} wide`, { timeout: 480_000 }, async () => {
    const who = await person(chrome, site, 'analyste-dr', { viewport });
    await workAt(who, 'DR');
    const { page } = who;
    // From the beginning: a browser that is asked to hand over the choice of a file while a key opens it may be asked too late.
    const asked = new Promise((done) => { page.once('filechooser', done); });
    // What slides into view is looked at where it comes to rest.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const keys = page.keyboard, faults = [];
    const to = (selector) => reach(page, selector, faults);
    const enter = async (selector, url) => { await to(selector); await Promise.all([page.waitForURL(url), keys.press('Enter')]); };
    await who.go('/');
    // The first stop leads past the frame.
    await keys.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    await keys.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'contenu');
    // The palette leads to a space; a single key begins a note there.
    await keys.press('Control+k');
    await page.waitForSelector('.choice[href^="/spaces/"]');
    const space = await page.innerText('.rail a[href^="/spaces/"] > span:last-child');
    await keys.type(space.slice(0, 12));
    for (let down = 0; down < 20; down += 1) {
      const chosen = await page.getAttribute('.choice[aria-selected=true]', 'href');
      if (chosen?.startsWith('/spaces/')) break;
      await keys.press('ArrowDown');
    }
    await Promise.all([page.waitForURL(/\/spaces\/[a-z2-7]{26}$/), keys.press('Enter')]);
    await Promise.all([page.waitForURL(/\/notes\/new/), keys.press('n')]);
    await to('#title');
    await keys.type('Note prise au clavier');
    await to('[name=reliability]');
    await keys.press('ArrowDown');
    await keys.press('ArrowDown');
    await to('[name=credibility]');
    await keys.press('ArrowDown');
    await keys.press('ArrowDown');
    await to('[name=source-title]');
    await keys.type('Carnet');
    await to('#body');
    await keys.type('Écrite sans souris.');
    await keys.press('Control+b');
    await keys.type('gras');
    await Promise.all([page.waitForURL(NOTE), keys.press('Control+Enter')]);
    assert.match(await page.innerText('main'), /B\s*2/);
    assert.equal(await page.innerText('.prose strong'), 'gras');
    const note = new URL(page.url()).pathname;
    // Linked.
    await enter('main a[href$="/link"]', /\/link$/);
    await to('[name=type]');
    await keys.press('ArrowDown');
    await to('[name=to]');
    await keys.press('Space');
    await to('#comment');
    await keys.type('Au clavier');
    await enter('form.stack button[type=submit]', NOTE);
    assert.ok((await page.innerText('.link-list')).includes('Au clavier'));
    // A file.
    await to('form[data-upload] input[type=file]');
    await keys.press('Space');
    await (await asked).setFiles({ name: 'clavier.txt', mimeType: 'text/plain', buffer: Buffer.from('clavier') });
    await to('form[data-upload] button');
    await keys.press('Enter');
    await page.waitForSelector('.files a[download]');
    // A comment.
    await to('.composer textarea');
    await keys.type('Dit au clavier');
    await Promise.all([page.waitForURL(/#discussion/), keys.press('Control+Enter')]);
    assert.ok((await page.innerText('#discussion')).includes('Dit au clavier'));
    // Changed, by a single key; then its first version again.
    await who.go(note);
    await Promise.all([page.waitForURL(/\/edit$/), keys.press('e')]);
    await to('#body');
    await keys.press('Control+End');
    await keys.type(' Encore.');
    await Promise.all([page.waitForURL(NOTE), keys.press('Control+Enter')]);
    await enter('main a[href$="/history"]', /\/history/);
    await enter('button[form=retablir][value="1"]', NOTE);
    assert.ok(!(await page.innerText('.prose')).includes('Encore'));
    // The working label.
    await to('.working-btn');
    await keys.press('Enter');
    assert.ok(await page.locator('#travail').isVisible());
    await keys.press('Escape');
    assert.ok(!(await page.locator('#travail').isVisible()));
    // Print.
    await enter('main a[href$="/print"]', /\/print$/);
    assert.deepEqual([...new Set(faults)], []);
    assert.deepEqual(who.troubles, []);
    await who.close();
  });
}

test('single keys can be switched off, and letters are what they say on any keyboard', { timeout: 180_000 }, async () => {
  const who = await person(chrome, site, 'analyste-dr');
  await workAt(who, 'DR');
  const { page } = who;
  await who.go('/');
  // Where an AZERTY board has its M, a QWERTY one has a semicolon: the letter counts.
  await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', code: 'Semicolon', bubbles: true })));
  await page.waitForURL(/\/messages$/);
  await who.go('/me');
  await page.selectOption('[name=keys]', 'off');
  await follow(page, 'form[action="/preferences"] button.first');
  await who.go('/');
  await page.keyboard.press('m');
  await page.keyboard.press('?');
  await page.waitForTimeout(300);
  assert.equal(new URL(page.url()).pathname, '/');
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await page.keyboard.press('Control+k');
  await page.waitForSelector('dialog[open] .choice');
  await who.close();
});
