// What all browser tests share: the real program with its demonstration, and people behind their certificates in
// Debian's Chromium. Nothing is mocked: TLS 1.3 with client certificates, from the page to the disk.
//
//   VIGIE   the program (default: the debug build of this checkout's target folder)
//   SHOTS   a folder for screenshots; none are kept without it

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir, homedir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const TARGET = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/vigie/target');
export const VIGIE = process.env.VIGIE ?? join(TARGET, 'debug/vigie');
export const CHROMIUM = '/usr/bin/chromium';
const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

/** The demonstration, served: `origin`, the folder, and `stop()`. */
export async function serve() {
  const dir = mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), 'vigie-browser-'));
  const child = spawn(VIGIE, ['demo', '--dir', join(dir, 'demo'), '--port', '0', '--lang', 'fr'],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, LANG: 'fr' } });
  let said = '';
  const ready = new Promise((resolve, reject) => {
    const hear = (chunk) => {
      said += chunk;
      // The last line of the tour: everything is loaded, and the server goes on.
      if (/Ctrl-C/.test(said)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => reject(new Error(`vigie ended with ${code}: ${said}`)));
  });
  await ready;
  const [, port] = /https:\/\/localhost:(\d+)/.exec(said);
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.removeAllListeners('exit');
    child.once('exit', () => {});
    child.kill('SIGKILL');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 500))]);
    rmSync(dir, { recursive: true, force: true });
  };
  return { origin: `https://localhost:${port}`, port: Number(port), dir: join(dir, 'demo'), pid: child.pid, stop };
}

/** One Chromium for a test file. */
export function browser() {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: .ci/setup test installs it`);
  return chromium.launch({ executablePath: CHROMIUM, headless: true, chromiumSandbox: false, args: FLAGS });
}

/**
 * Somebody with a certificate, in a context of his own. `troubles` fills with whatever a page should never do:
 * errors, reports of the content security policy, dialogs, requests to anywhere else.
 */
export async function person(chrome, site, name, options = {}) {
  const context = await chrome.newContext({
    ignoreHTTPSErrors: true,
    locale: options.locale ?? 'fr-FR',
    colorScheme: options.theme ?? 'light',
    viewport: options.viewport ?? { width: 1280, height: 900 },
    javaScriptEnabled: options.script ?? true,
    acceptDownloads: true,
    clientCertificates: name === null ? undefined : [{
      origin: site.origin,
      certPath: join(site.dir, 'people', `${name}.pem`),
      keyPath: join(site.dir, 'people', `${name}.key`),
    }],
  });
  const troubles = [];
  context.on('page', (page) => {
    page.on('pageerror', (error) => troubles.push(`error: ${error}`));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
    });
    page.on('dialog', async (dialog) => {
      troubles.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(site.origin) && !/^(about|blob|data):/.test(request.url())) {
        troubles.push(`request: ${request.url()}`);
      }
    });
  });
  const page = await context.newPage();
  const go = (path) => page.goto(site.origin + path);
  return { name, context, page, troubles, go, close: () => context.close() };
}

/** The JSON interface, as that person: what the pages are compared with. */
export async function api(who, site, method, path, { working, body, headers } = {}) {
  const answer = await who.context.request.fetch(`${site.origin}/api/v1${path}`, {
    method,
    headers: {
      ...(working === undefined ? {} : { 'vigie-working': working }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    data: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status(), headers: answer.headers(), json: text ? JSON.parse(text) : null };
}

/** Lines of a file beside this one, without comments and blanks. */
export function lines(file) {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('# '));
}
