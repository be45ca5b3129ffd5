// A new user's first day, in French and in English; once with the keyboard alone; once without scripts. Each step may cost one
// click more than in the tools people know outside.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browser, follow, person, serve, workAt } from './harness.mjs';

/**
 * Clicks (and choices in lists) that BookStack and Outline need for the same: known from the steps that those products
 * document, not counted on their pages. Typing is free everywhere. The smaller of the two counts; where one has no such
 * thing, the other.
 *
 *   capture  BookStack: open the book, New Page, Save. Outline: New doc, Publish, its collection.
 *   grade    BookStack: Edit, the tag pane, Save, and two tags of which each has a name and a value to go to (4). Outline: none.
 *   link     BookStack: Edit, link button, entity selector, the page, Select, Save. Outline links without a type, in the text.
 *   attach   BookStack: Edit, the attachment pane, choose the file, Save. Outline: + in the text, File, choose.
 *   comment  BookStack: Add Comment, Save. Outline: select, Comment, Send.
 *   restore  BookStack: Revisions, Restore, Confirm. Outline: menu, History, the revision, Restore.
 *   print    BookStack: Export, PDF. Outline: menu, Print.
 */
const ELSEWHERE = { capture: 3, grade: 7, link: 6, attach: 3, comment: 2, restore: 3, print: 2 };

const FILE_BYTES = 100 * 1024 * 1024;
const WORDS = {
  fr: {
    title: 'Robot de déminage à chenilles articulées', body: 'La firme annonce une **autonomie de six heures**.\n\n- [ ] vérifier le franchissement',
    more: 'Le franchissement annoncé est de 45 cm.', source: 'Salon de défense, carnet de visite', author: 'Attaché de défense',
    comment: 'À recouper avec l’essai de mai.', why: 'Même firme, même châssis.', marking: 'DIFFUSION RESTREINTE',
  },
  en: {
    title: 'Tracked robot for mine clearance', body: 'The firm claims **six hours of endurance**.\n\n- [ ] check the obstacle height',
    more: 'The obstacle height claimed is 45 cm.', source: 'Defence fair, visit notes', author: 'Defence attaché',
    comment: 'To be checked against the May trial.', why: 'Same firm, same chassis.', marking: 'DIFFUSION RESTREINTE',
  },
};
const LOCALES = { fr: 'fr-FR', en: 'en-GB' };

let site, chrome, folder, file;
before(async () => {
  site = await serve();
  chrome = await browser();
  folder = mkdtempSync(join(tmpdir(), 'vigie-walk-'));
  file = join(folder, 'releves.bin');
  const part = Buffer.from(Array.from({ length: 65_536 }, (_, at) => (at * 31 + (at >> 8)) % 251));
  writeFileSync(file, Buffer.concat(Array.from({ length: FILE_BYTES / part.length }, () => part)));
});
after(async () => {
  await chrome?.close();
  await site?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** A person whose clicks are counted, by step. */
function counting(who) {
  const spent = {};
  let step = null;
  const count = () => { spent[step] = (spent[step] ?? 0) + 1; };
  const { page } = who;
  return {
    ...who,
    spent,
    begin: (name) => { step = name; },
    click: async (selector) => { count(); await page.locator(selector).first().click(); },
    choose: async (selector, value) => { count(); await page.selectOption(selector, value); },
    check: async (selector) => { count(); await page.locator(selector).first().check(); },
    files: async (selector, path) => { count(); await page.setInputFiles(selector, path); },
    // A field that is not yet under the cursor costs a click; the first one of a form that puts it there does not.
    type: async (selector, text) => { await page.fill(selector, text); },
  };
}

const here = (page) => new URL(page.url()).pathname;
const NOTE = /\/notes\/[a-z2-7]{26}$/;

/** The number of the version that a note's page shows. */
const version = async (page) => Number(/\d+/.exec(await page.innerText('.byline a[href$="/history"]'))[0]);

async function begun(name, language, options = {}) {
  const who = await person(chrome, site, name, { locale: LOCALES[language], ...options });
  await workAt(who, 'DR');
  await follow(who.page, `.rail button[name=language][value=${language}]`);
  await who.go('/');
  assert.equal(await who.page.getAttribute('html', 'lang'), language);
  return counting(who);
}

async function captured(who, words, step = 'capture') {
  who.begin(step);
  const { page } = who;
  // As a newcomer: the space first, then a new note in it.
  await who.click('.rail .nav a[href^="/spaces/"]');
  await page.waitForURL(/\/spaces\//);
  await who.click('.rail a[href^="/notes/new"]');
  await page.waitForURL(/\/notes\/new/);
  await who.type('#title', words.title);
  await who.type('[name=source-title]', words.source);
  await who.type('[name=source-author]', words.author);
  await who.type('[name=source-date]', '2026-11-20');
  await who.type('#body', words.body);
  who.begin('grade');
  await who.choose('[name=reliability]', 'B');
  await who.choose('[name=credibility]', '2');
  who.begin(step);
  await who.click('form[action="/notes/new"] button.first');
  await page.waitForURL(NOTE);
  assert.match(await page.innerText('main'), /B\s*2/);
  assert.ok((await page.innerText('main')).includes(words.source));
  assert.equal(await page.innerText('.prose strong'), /\*\*(.+)\*\*/.exec(words.body)[1]);
  return here(page);
}

async function linked(who, words) {
  who.begin('link');
  const { page } = who;
  await who.click('.actions a[href$="/link"]');
  await page.waitForURL(/\/link$/);
  await who.choose('[name=type]', 'supports');
  const other = await page.locator('label.pick:visible').nth(1).innerText();
  await page.fill('#q', other.split('\n').find((line) => line.length > 12)?.slice(0, 12) ?? '');
  await who.check('label.pick:visible input[name=to]');
  await who.type('#comment', words.why);
  await who.click('form[action$="/link"] button.first');
  await page.waitForURL(NOTE);
  assert.ok((await page.innerText('.link-list')).includes(words.why));
}

async function attached(who) {
  who.begin('attach');
  const { page } = who;
  const seen = new Set();
  await who.files('form[data-upload] input[type=file]', file);
  await page.exposeFunction('sawProgress', (value) => seen.add(value)).catch(() => {});
  await page.evaluate(() => {
    const bar = document.querySelector('form[data-upload] progress');
    setInterval(() => { if (!bar.hidden) window.sawProgress(bar.value); }, 50);
  });
  await who.click('form[data-upload] button[type=submit]');
  await page.waitForSelector('.files a[download]', { timeout: 120_000 });
  const moves = [...seen].sort((one, other) => one - other);
  assert.ok(moves.length >= 4 && moves.at(-1) > 0.5, `the bar stood at ${moves.join(' ')}`);
  // What comes back is what went.
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), page.click('.files a[download]')]);
  assert.equal(download.suggestedFilename(), 'releves.bin');
  const sum = async (path) => {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    return hash.digest('hex');
  };
  assert.equal(await sum(await download.path()), await sum(file));
  await download.delete();
}

async function commented(colleague, note, words) {
  colleague.begin('comment');
  await colleague.go(note);
  await colleague.click('.composer textarea');
  await colleague.type('.composer textarea', words.comment);
  await colleague.click('.composer button');
  await colleague.page.waitForURL(/#discussion$/);
  assert.ok((await colleague.page.innerText('#discussion')).includes(words.comment));
}

async function restored(who, words) {
  const { page } = who;
  who.begin('change');
  await who.click('a[data-key=e]');
  await page.waitForURL(/\/edit$/);
  await who.type('#body', words.more);
  await who.click('form[action$="/edit"] button.first');
  await page.waitForURL(NOTE);
  assert.ok((await page.innerText('.prose')).includes(words.more));
  assert.equal(await version(page), 2);
  who.begin('restore');
  await who.click('.actions a[href$="/history"]');
  await page.waitForURL(/\/history/);
  // What changed is said word by word.
  await page.click('form[action$="/history"] button.first');
  await page.waitForURL(/from=1/);
  assert.ok(await page.locator('.difference ins').count() > 0 && await page.locator('.difference del').count() > 0);
  await who.click('button[form=retablir][value="1"]');
  await page.waitForURL(NOTE);
  assert.equal(await version(page), 3);
  assert.ok(!(await page.innerText('.prose')).includes(words.more));
}

/** On paper every sheet bears its marking above and below, in ink and inside the margins. */
async function printed(who, note, words) {
  const { page } = who;
  who.begin('print');
  await page.goto(site.origin + note);
  await who.click('.actions a[href$="/print"]');
  await page.waitForURL(/\/print$/);
  if (await page.locator('[data-print]').isVisible()) {
    await page.evaluate(() => { window.print = () => { document.documentElement.dataset.printed = 'yes'; }; });
    await who.click('[data-print]');
    assert.equal(await page.getAttribute('html', 'data-printed'), 'yes');
  }
  for (const path of [`${note}/print`, note]) {
    await page.goto(site.origin + path);
    await page.emulateMedia({ media: 'print' });
    const paper = join(folder, 'note.pdf');
    await page.pdf({ path: paper, format: 'A4', printBackground: false });
    await page.emulateMedia({ media: 'screen' });
    sheets(execFileSync('pdftotext', ['-bbox', paper, '-'], { encoding: 'utf8' }), words.marking, path);
  }
}

function sheets(text, marking, path) {
  const pages = text.split('<page ').slice(1);
  assert.ok(pages.length >= 2, `${path}: ${pages.length} sheets`);
  for (const [number, sheet] of pages.entries()) {
    const height = Number(/height="([\d.]+)"/.exec(sheet)[1]);
    const words = [...sheet.matchAll(/yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)</g)]
      .map(([, top, bottom, word]) => ({ top: Number(top), bottom: Number(bottom), word }));
    const [first] = marking.split(' ');
    const at = words.filter(({ word }) => word === first);
    const where = `${path}, sheet ${number + 1} of ${pages.length}: ${at.map(({ top }) => Math.round(top)).join(' ')} of ${height}`;
    const above = at.find(({ bottom }) => bottom < 0.1 * height), below = at.find(({ top }) => top > 0.9 * height);
    assert.ok(above, `above: ${where}`);
    assert.ok(below, `below: ${where}`);
    // Nothing of the text runs under the banners; the number of the sheet stands below.
    const under = words.filter(({ top, bottom, word }) => !marking.split(' ').includes(word) && !/^[\d/]+$/.test(word)
      && (top < above.bottom || bottom > below.top));
    assert.deepEqual(under, [], where);
  }
}

for (const language of ['fr', 'en']) {
  test(`a new user's walk, in ${language}`, { timeout: 480_000 }, async () => {
    const words = { ...WORDS[language] };
    const who = await begun('analyste-dr', language);
    const note = await captured(who, { ...words, body: `${words.body}\n\n${'Lorem ipsum dolor sit amet. '.repeat(12)}\n\n`.repeat(14) });
    await linked(who, words);
    await attached(who);
    const colleague = await begun('analyste-s', language);
    await commented(colleague, note, words);
    await who.go(note);
    assert.ok((await who.page.innerText('#discussion')).includes(words.comment), 'the colleague is heard');
    await restored(who, words);
    await printed(who, note, words);
    const spent = { ...who.spent, comment: colleague.spent.comment };
    console.log(`clicks in ${language}: ${JSON.stringify(spent)}; elsewhere ${JSON.stringify(ELSEWHERE)}`);
    for (const [step, elsewhere] of Object.entries(ELSEWHERE)) {
      assert.ok(spent[step] <= elsewhere + 1, `${step}: ${spent[step]} clicks, ${elsewhere} elsewhere`);
    }
    assert.deepEqual([...who.troubles, ...colleague.troubles], []);
    await who.close();
    await colleague.close();
  });
}
