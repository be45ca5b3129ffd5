// Files that were made to hurt: pictures and archives that swell, documents that run, names and types that lie. Nothing runs,
// nothing is unpacked by the server, and its memory stays where it was.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { api, browser, serve, worker } from './harness.mjs';

let site, chrome;
before(async () => { site = await serve(); chrome = await browser(); });
after(async () => { await chrome?.close(); await site?.stop(); });

/** How much more memory the server may ever have held than after an ordinary file. */
const GROWTH_BYTES_MAX = 64 * 1024 * 1024;

const TABLE = Array.from({ length: 256 }, (_, number) => {
  let value = number;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});
const crc32 = (bytes) => {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
};
const big = (number) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(number); return bytes; };
const small = (number, size) => { const bytes = Buffer.alloc(size); bytes.writeUIntLE(number, 0, size); return bytes; };

/** A white picture of `side` × `side` points: 3.6 GB once it is drawn in colour, a hundred kilobytes on the wire. */
function png(side) {
  const part = (kind, data) => {
    const named = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    return Buffer.concat([big(data.length), named, big(crc32(named))]);
  };
  const rows = Buffer.alloc(side * (1 + Math.ceil(side / 8)));
  const header = Buffer.concat([big(side), big(side), Buffer.from([1, 0, 0, 0, 0])]);
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), part('IHDR', header), part('IDAT', deflateSync(rows, { level: 9 })), part('IEND', Buffer.alloc(0))]);
}

/** An archive of `count` entries that share one stream of a gigabyte of nothing. */
function zip(count) {
  const size = 64 * 1024 * 1024, nothing = Buffer.alloc(size);
  const data = deflateRawSync(nothing, { level: 9 });
  const sum = crc32(nothing);
  const name = Buffer.from('vide.txt');
  const about = Buffer.concat([small(20, 2), small(0, 2), small(8, 2), small(0, 4), small(sum, 4), small(data.length, 4), small(size, 4), small(name.length, 2), small(0, 2)]);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), about, name, data]);
  const central = Buffer.concat(Array.from({ length: count }, () =>
    Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), small(20, 2), about, Buffer.alloc(10), small(0, 4), name])));
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06', 'latin1'), small(0, 4), small(count, 2), small(count, 2),
    small(central.length, 4), small(local.length, 4), small(0, 2)]);
}

const SCRIPT = '<script>alert(1)</script>';
const SVG = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><a href="javascript:alert(1)"><text y="9">x</text></a></svg>`;
const GIF = Buffer.from('47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b', 'hex');
const HTML = `<!doctype html><title>x</title>${SCRIPT}<img src=x onerror=alert(1)>`;
const FILES = {
  'bombe.png': () => png(30_000),
  'bombe.zip': () => zip(10_000),
  'bombe.docx': () => zip(2000),
  'bombe.svg.gz': () => deflateSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 }),
  'dessin.svg': () => Buffer.from(SVG),
  'dessin.png': () => Buffer.from(SVG),
  'page.html': () => Buffer.from(HTML),
  'page.png': () => Buffer.from(HTML),
  'page.gif': () => Buffer.concat([Buffer.from('GIF89a/*'), Buffer.from(HTML)]),
  'image.gif': () => GIF,
  'script.js': () => Buffer.from('alert(1)'),
  'style.css': () => Buffer.from('body{background:url(javascript:alert(1))}'),
  'feuille.xml': () => Buffer.from(`<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#s"?><html xmlns="http://www.w3.org/1999/xhtml">${SCRIPT}</html>`),
  'rire.xml': () => Buffer.from(`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "rire">${Array.from({ length: 12 }, (_, at) => `<!ENTITY ${String.fromCharCode(98 + at)} "${`&${String.fromCharCode(97 + at)};`.repeat(10)}">`).join('')}]><l>&m;</l>`),
  'document.pdf': () => Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>'),
  'archive.mht': () => Buffer.from(`MIME-Version: 1.0\nContent-Type: text/html\n\n${HTML}`),
  'utf7.txt': () => Buffer.from('+ADw-script+AD4-alert(1)+ADw-/script+AD4-'),
  'utf16.txt': () => Buffer.from(`\ufeff${HTML}`, 'utf16le'),
  'rien.htm': () => Buffer.alloc(0),
};

test('no file that was made to hurt runs, is unpacked, or takes the server’s memory', { timeout: 600_000 }, async () => {
  const who = await worker(chrome, site, 'analyste-dr');
  const { page } = who;
  const ran = [];
  await who.context.exposeBinding('vigieTrap', (source, what) => ran.push(`${what} on ${source.page.url()}`));
  await who.context.addInitScript(() => {
    for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => window.vigieTrap(name);
  });
  const working = 'DR';
  const space = (await api(who, site, 'POST', '/spaces', { working, body: { name: 'Fichiers', purpose: '' } })).json;
  const note = (await api(who, site, 'POST', '/notes', { working, body: { space: space.id, kind: 'watch', title: 'Fichiers', body: 'Fichiers' } })).json;
  const send = async (name, bytes, type = 'application/octet-stream') => {
    const begun = await api(who, site, 'POST', `/notes/${note.id}/attachments`, { working, body: { name, size: bytes.length } });
    assert.equal(begun.status, 201, `${name}: ${JSON.stringify(begun.json)}`);
    let state = begun.json;
    while (!state.complete) {
      const answer = await who.context.request.put(`${site.origin}/api/v1/attachments/${state.id}/content?offset=${state.offset}`, {
        headers: { 'vigie-working': working, 'content-type': type }, data: bytes.subarray(state.offset, state.offset + 4 * 1024 * 1024),
      });
      assert.equal(answer.status(), 200, `${name}: ${await answer.text()}`);
      state = await answer.json();
    }
    return state.id;
  };
  const files = Object.entries(FILES).map(([name, make]) => [name, make()]);
  const swollen = files.reduce((all, [, bytes]) => all + bytes.length, 0);
  const ordinary = Buffer.from(Array.from({ length: 65_536 }, (_, at) => (at * 7919) & 0xff));
  const usual = await send('ordinaire.bin', Buffer.concat(Array.from({ length: 128 }, () => ordinary)));
  await who.context.request.get(`${site.origin}/files/${usual}`);
  await who.go(`/notes/${note.id}`);
  const before = site.memory();

  const kept = [];
  for (const [name, bytes] of files) kept.push([name, bytes, await send(name, bytes)]);
  // The type that is claimed is a lie as well, and changes nothing.
  kept.push(['menteur.png', Buffer.from(HTML), await send('menteur.png', Buffer.from(HTML), 'application/octet-stream')]);
  const claimed = await api(who, site, 'POST', `/notes/${note.id}/attachments`, { working, body: { name: 'x.html', size: 1, kind: 'text/html' } });
  assert.ok(claimed.status >= 400 && claimed.status < 500, 'a type is never taken from a request');

  let inline = 0;
  for (const [name, bytes, id] of kept) {
    for (const path of [`/files/${id}`, `/files/${id}?inline=true`]) {
      const answer = await who.context.request.get(site.origin + path);
      const headers = answer.headers();
      assert.equal(answer.status(), 200, `${name} ${path}`);
      assert.equal(createHash('sha256').update(await answer.body()).digest('hex'), createHash('sha256').update(bytes).digest('hex'), name);
      assert.equal(headers['x-content-type-options'], 'nosniff', name);
      assert.match(headers['content-security-policy'], /^sandbox; default-src 'none'/, name);
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin', name);
      const shown = headers['content-disposition'].startsWith('inline');
      if (shown) {
        inline += 1;
        assert.match(headers['content-type'], /^image\/(png|jpeg|gif|webp|avif)$/, name);
        assert.ok(['bombe.png', 'image.gif', 'page.gif'].includes(name), `${name} is shown in its place`);
      } else {
        assert.match(headers['content-disposition'], /^attachment/, name);
        assert.match(headers['content-type'], /^application\/octet-stream/, name);
      }
      // As somebody does who follows the address, or is led to it; the great picture is drawn by nobody.
      if (name === 'bombe.png' && shown) continue;
      const saved = shown ? null : page.waitForEvent('download', { timeout: 15_000 }).catch(() => null);
      await page.goto(site.origin + path).catch(() => {});
      if (!shown) assert.ok(await saved, `${name} is saved, not shown`);
      await page.waitForTimeout(30);
    }
  }
  assert.equal(inline, 3, 'pictures alone are shown in their place');
  // Named in pages of our own origin as script, style, frame or object they do nothing either.
  await who.go(`/notes/${note.id}`);
  const loaded = await page.evaluate(async (all) => {
    const heard = [];
    for (const [name, id] of all) {
      for (const [tag, attribute] of [['link', 'href'], ['iframe', 'src'], ['object', 'data'], ['embed', 'src']]) {
        const element = document.createElement(tag);
        if (tag === 'link') element.rel = 'stylesheet';
        element.onload = () => { if (tag === 'link') heard.push(`${tag} ${name}`); };
        // Trusted Types refuse some of them outright.
        try { element[attribute] = `/files/${id}?inline=true`; } catch { continue; }
        document.body.append(element);
      }
      const script = document.createElement('script');
      try { script.src = `/files/${id}`; heard.push(`a script of ${name} could be named`); } catch { /* Trusted Types */ }
    }
    await new Promise((resolve) => { setTimeout(resolve, 1000); });
    return heard;
  }, kept.filter(([name]) => name !== 'bombe.png').map(([name, , id]) => [name, id]));
  assert.deepEqual(loaded, []);
  // In a note a picture is shown, and what only says that it is one is not.
  const id = (wanted) => kept.find(([name]) => name === wanted)[2];
  const tag = (await api(who, site, 'GET', `/notes/${note.id}`, { working })).headers.etag;
  const pictures = await api(who, site, 'PUT', `/notes/${note.id}`, { working, headers: { 'if-match': tag }, body: {
    kind: 'watch', title: 'Fichiers', body: ['image.gif', 'dessin.svg', 'dessin.png', 'page.png', 'menteur.png'].map((name) => `![${name}](/files/${id(name)})`).join('\n\n'),
  } });
  assert.equal(pictures.status, 200, JSON.stringify(pictures.json));
  await who.go(`/notes/${note.id}`);
  await page.waitForLoadState('networkidle');
  const drawn = await page.$$eval('.prose img', (all) => all.map((picture) => [picture.alt, picture.naturalWidth]));
  assert.deepEqual(drawn, [['image.gif', 1], ['dessin.svg', 0], ['dessin.png', 0], ['page.png', 0], ['menteur.png', 0]]);
  // The note that holds them all is shown, quickly.
  const begun = Date.now();
  await who.go(`/notes/${note.id}`);
  assert.ok(Date.now() - begun < 5000);
  assert.equal(await page.locator('.files a[download]').count(), kept.length + 1);
  assert.deepEqual(ran, []);
  const growth = site.memory() - before;
  console.log(`${kept.length} files, ${(swollen / 1e6).toFixed(1)} MB as sent; the server's memory grew by ${(growth / 1e6).toFixed(1)} MB at its highest`);
  assert.ok(growth < GROWTH_BYTES_MAX, `${growth} bytes`);
  await who.close();
});
