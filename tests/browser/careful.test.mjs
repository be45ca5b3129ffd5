// What goes wrong while one writes: refused, stale, without a network, without scripts. The words are still there, with a sentence.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { browser, follow, person, serve, workAt } from './harness.mjs';

let site, chrome;
before(async () => { site = await serve(); chrome = await browser(); });
after(async () => { await chrome?.close(); await site?.stop(); });

const NOTE = /\/notes\/[a-z2-7]{26}(#.*)?$/;
const SEND_NEW = 'form[action="/notes/new"] button.first';
const SEND_EDIT = 'form[action$="/edit"] button.first';

async function writer(options = {}, name = 'analyste-dr') {
  const who = await person(chrome, site, name, options);
  await workAt(who, 'DR');
  return who;
}

/** A new note in the first space; answers its path. */
async function written(who, title, body) {
  const { page } = who;
  await page.goto(site.origin);
  await page.goto(site.origin + await page.getAttribute('.rail a[href^="/spaces/"]', 'href'));
  await page.goto(site.origin + await page.getAttribute('.rail a[href^="/notes/new"]', 'href'));
  await page.fill('#title', title);
  await page.fill('#body', body);
  await page.click(SEND_NEW);
  await page.waitForURL(NOTE);
  return new URL(page.url()).pathname;
}

const sentences = (page) => page.locator('[role=alert]:visible').allInnerTexts();
const quiet = (who) => who.troubles.filter((trouble) => !/status of 4(09|12|22)|beforeunload|ERR_INTERNET_DISCONNECTED|dialog: $/.test(trouble));

for (const script of [true, false]) {
  const how = script ? 'with scripts' : 'without scripts';

  test(`a refused form gives back every word and says why, ${how}`, { timeout: 180_000 }, async () => {
    const who = await writer({ script });
    const { page } = who;
    await who.go('/notes/new');
    await page.selectOption('#space', { index: 1 });
    const typed = { '#title': 'Titre tapé', '#body': 'Corps tapé\n\n<b>deux</b> lignes & plus', '[name=tags]': 'a, b', '[name=review]': 'bientôt', '[name=source-title]': 'Carnet « bleu »' };
    for (const [field, text] of Object.entries(typed)) await page.fill(field, text);
    await page.click(SEND_NEW);
    await page.waitForSelector('[role=alert]');
    assert.ok((await sentences(page)).join().length > 10);
    for (const [field, text] of Object.entries(typed)) assert.equal(await page.inputValue(field), text, field);
    assert.equal(await page.getAttribute('[name=review]', 'aria-invalid'), 'true');
    await page.fill('[name=review]', '2027-01-31');
    await page.click(SEND_NEW);
    await page.waitForURL(NOTE);
    assert.ok((await page.innerText('main')).includes('Titre tapé'));
    assert.deepEqual(quiet(who), []);
    await who.close();
  });

  test(`a stale form shows both versions and keeps what was typed, ${how}`, { timeout: 180_000 }, async () => {
    const who = await writer({ script });
    const other = await writer({ script }, 'analyste-s');
    const note = await written(who, 'Deux plumes', 'La première phrase. La seconde phrase.');
    await who.go(`${note}/edit`);
    await other.go(`${note}/edit`);
    await other.page.fill('#body', 'La première phrase. La seconde, reprise par un autre.');
    await other.page.click(SEND_EDIT);
    await other.page.waitForURL(NOTE);
    const mine = 'La première phrase, reprise par moi. La seconde phrase.';
    await who.page.fill('#body', mine);
    await who.page.click(SEND_EDIT);
    await who.page.waitForSelector('.difference');
    assert.equal(await who.page.inputValue('#body'), mine);
    const shown = await who.page.innerText('section[role=alert]');
    assert.ok(shown.includes('Analyste programmes'), shown);
    const marked = async (kind) => (await who.page.locator(`.difference ${kind}`).allInnerTexts()).join(' ');
    assert.match(await marked('del'), /un autre/);
    assert.match(await marked('ins'), /moi/);
    // Sent again knowingly, it becomes the third version.
    await who.page.click(SEND_EDIT);
    await who.page.waitForURL(NOTE);
    assert.ok((await who.page.innerText('.prose')).includes('reprise par moi'));
    assert.match(await who.page.innerText('.byline a[href$="/history"]'), /3/);
    assert.deepEqual([...quiet(who), ...quiet(other)], []);
    await who.close();
    await other.close();
  });

  test(`a form filled in at another working label writes nothing and keeps the words, ${how}`, { timeout: 180_000 }, async () => {
    const who = await writer({ script });
    const { page } = who;
    await who.go('/notes/new');
    await page.selectOption('#space', { index: 1 });
    await page.fill('#title', 'Au mauvais niveau');
    await page.fill('#body', 'Ces mots restent.');
    const tab = { ...who, page: await who.context.newPage() };
    await workAt({ ...tab, go: (path) => tab.page.goto(site.origin + path) }, 'NP');
    await page.click(SEND_NEW);
    await page.waitForSelector('[role=alert]');
    assert.equal(await page.inputValue('#title'), 'Au mauvais niveau');
    assert.equal(await page.inputValue('#body'), 'Ces mots restent.');
    assert.ok((await sentences(page)).join().length > 10);
    await who.close();
  });

  test(`sending twice writes once, ${how}`, { timeout: 180_000 }, async () => {
    const who = await writer({ script });
    const { page } = who;
    const note = await written(who, 'Une seule fois', 'Texte.');
    await page.fill('.composer textarea', 'Dit une fois');
    const sent = await page.evaluate(() => {
      const form = document.querySelector('.composer');
      return new URLSearchParams(new FormData(form)).toString();
    });
    const address = site.origin + await page.getAttribute('.composer', 'action');
    for (let time = 0; time < 2; time += 1) {
      const answer = await who.context.request.post(address, {
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: site.origin, 'sec-fetch-site': 'same-origin' }, data: sent, maxRedirects: 0,
      });
      assert.equal(answer.status(), 303);
    }
    await who.go(note);
    assert.equal((await page.innerText('#discussion')).split('Dit une fois').length - 1, 1);
    await who.close();
  });
}

test('without a network the words stay, and the page says so', { timeout: 600_000 }, async () => {
  const who = await writer();
  const { page } = who;
  await who.go('/notes/new');
  await page.selectOption('#space', { index: 1 });
  await page.fill('#title', 'Écrit dans le train');
  await page.fill('#body', 'Ces mots ne se perdent pas.');
  await who.context.setOffline(true);
  await page.click(SEND_NEW);
  await page.waitForTimeout(1500);
  assert.equal(new URL(page.url()).pathname, '/notes/new', 'the page is still there');
  assert.equal(await page.inputValue('#body'), 'Ces mots ne se perdent pas.');
  const said = await page.locator('[role=alert]:visible, [role=status]:visible').allInnerTexts();
  assert.ok(said.join(' ').trim().length > 10, `said: ${said}`);
  await who.context.setOffline(false);
  await page.click(SEND_NEW);
  await page.waitForURL(NOTE);
  assert.ok((await page.innerText('main')).includes('Ces mots ne se perdent pas.'));
  const note = new URL(page.url()).pathname;
  // A comment as well.
  await page.fill('.composer textarea', 'Dit dans le train');
  await who.context.setOffline(true);
  await page.click('.composer button');
  await page.waitForTimeout(1500);
  assert.equal(await page.inputValue('.composer textarea'), 'Dit dans le train');
  await who.context.setOffline(false);
  await page.click('.composer button');
  await page.waitForURL(/#discussion/);
  await who.go(note);
  assert.equal((await page.innerText('#discussion')).split('Dit dans le train').length - 1, 1);
  assert.deepEqual(quiet(who), []);
  await who.close();
});

test('a connection that breaks in the middle of a file is taken up where it stood', { timeout: 600_000 }, async () => {
  const who = await writer();
  const { page } = who;
  await written(who, 'Un fichier', 'Texte.');
  await page.setInputFiles('form[data-upload] input[type=file]', { name: 'long.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(12 * 1024 * 1024, 7) });
  let broken = 0;
  await page.route('**/content?offset=*', (route) => {
    if (/offset=[1-9]/.test(route.request().url()) && broken < 2) { broken += 1; return route.abort('connectionreset'); }
    return route.continue();
  });
  await page.click('form[data-upload] button');
  await page.waitForSelector('.files a[download]', { timeout: 180_000 });
  assert.equal(broken, 2);
  const bytes = await who.context.request.get(site.origin + await page.getAttribute('.files a[download]', 'href'));
  assert.ok((await bytes.body()).equals(Buffer.alloc(12 * 1024 * 1024, 7)));
  await who.close();
});

test('without scripts the acts are all there', { timeout: 600_000 }, async () => {
  const who = await writer({ script: false });
  const { page } = who;
  const note = await written(who, 'Sans script', 'Une **première** version.\n\n- [ ] une tâche');
  assert.equal(await page.innerText('.prose strong'), 'première');
  // Linked, with the search that asks the server.
  await page.click('.actions a[href$="/link"]');
  const other = await page.locator('label.pick span').nth(2).innerText();
  const word = other.split(/\s+/).sort((one, two) => two.length - one.length)[0];
  await page.fill('#q', word);
  await follow(page, 'button[name=find]');
  for (const found of await page.locator('label.pick').allInnerTexts()) assert.ok(found.toLowerCase().includes(word.toLowerCase()), found);
  assert.ok(!page.url().includes('?'), 'words that are sought stand in no address: browsers keep those');
  await page.check('label.pick input[name=to] >> nth=0');
  await page.fill('#comment', 'Liée sans script');
  await page.click('form.stack button.first');
  await page.waitForURL(NOTE);
  assert.ok((await page.innerText('.link-list')).includes('Liée sans script'));
  // A file.
  await page.setInputFiles('form[data-upload] input[type=file]', { name: 'sans-script.txt', mimeType: 'text/plain', buffer: Buffer.from('sans script') });
  await page.click('form[data-upload] button');
  await page.waitForSelector('.files a[download]');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.files a[download]')]);
  assert.equal(download.suggestedFilename(), 'sans-script.txt');
  // A comment, changed, withdrawn.
  await page.fill('.composer textarea', 'Dit sans script');
  await page.click('.composer button');
  await page.waitForURL(/#discussion/);
  await page.click('#discussion .comment a[href^="/messages/"]');
  await page.fill('#text', 'Dit autrement');
  await follow(page, 'main button.first');
  await who.go(note);
  assert.ok((await page.innerText('#discussion')).includes('Dit autrement'));
  // Changed, and its first version again.
  await page.click('a[data-key=e]');
  await page.fill('#body', 'Une autre version.');
  await page.click(SEND_EDIT);
  await page.waitForURL(NOTE);
  await page.click('.actions a[href$="/history"]');
  await page.click('form[action$="/history"] button.first');
  await page.waitForURL(/from=1/);
  assert.ok(await page.locator('.difference ins').count() > 0);
  await page.click('button[form=retablir][value="1"]');
  await page.waitForURL(NOTE);
  assert.equal(await page.innerText('.prose strong'), 'première');
  // Language, theme, a conversation, a space, deletion.
  await follow(page, '.rail button[name=language][value=de]');
  assert.equal(await page.getAttribute('html', 'lang'), 'de');
  await follow(page, '.rail button[name=theme][value=dark]');
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  await who.go(`${note}/delete`);
  await page.click('main button.first');
  await page.waitForURL(/\/spaces\//);
  assert.equal((await who.go(note)).status(), 404);
  await who.close();
});
