// What all browser tests share: the real program with its demonstration, and people behind their certificates in
// Debian's Chromium. Nothing is mocked: TLS 1.3 with client certificates, from the page to the disk.
//
//   VIGIE   the program (default: the debug build in the target folder)

import { after } from 'node:test';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir, homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const TARGET = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/vigie/target');
export const VIGIE = process.env.VIGIE ?? join(TARGET, 'debug/vigie');
export const CHROMIUM = '/usr/bin/chromium';
export const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

/** Four times what the longest file takes on two cores, and longer than what is shut down after its last test. */
const FILE_MS_MAX = 40 * 60_000, SHUT_MS_MAX = 30_000;
// A server or a browser that a failed test left open keeps this process alive, and whoever waits for it: the failure would
// be a run that never ends.
const end = (what, after) => setTimeout(() => {
  console.error(`${what}; still open: ${process.getActiveResourcesInfo().join(' ')}`);
  process.exit(1);
}, after).unref();
// As a file of `node --test`; pictures take the time they take.
if (process.env.NODE_TEST_CONTEXT) {
  end(`not done after ${FILE_MS_MAX / 60_000} minutes`, FILE_MS_MAX);
  after(() => { end(`not shut ${SHUT_MS_MAX / 1000} s after the last test`, SHUT_MS_MAX); });
}

/** The demonstration, served: `origin`, the folder, and `stop()`. */
export async function serve() {
  if (!existsSync(VIGIE)) throw new Error(`${VIGIE} is missing: cargo build --locked`);
  const dir = mkdtempSync(join(tmpdir(), 'vigie-browser-'));
  const child = spawn(VIGIE, ['demo', '--dir', join(dir, 'demo'), '--port', '0', '--lang', 'fr'],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, LANG: 'fr' } });
  const stop = () => {
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.once('exit', stop);
  let said = '';
  await new Promise((resolve, reject) => {
    const hear = (chunk) => {
      said += chunk;
      // The last line of the tour: everything is loaded, and the server goes on.
      if (/Ctrl-C/.test(said)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`vigie ended with ${code}: ${said}`)));
  });
  const [, port] = /https:\/\/localhost:(\d+)/.exec(said);
  /** The most memory that the server ever held, in bytes. */
  const memory = () => 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]);
  return { origin: `https://localhost:${port}`, dir: join(dir, 'demo'), pid: child.pid, memory, stop: async () => stop() };
}

/** One Chromium for a test file. */
export function browser() {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: .ci/setup test installs it`);
  return chromium.launch({ executablePath: CHROMIUM, headless: true, chromiumSandbox: false, args: FLAGS });
}

/** Where each account of the demonstration works: level, categories. */
export const PEOPLE = {
  'analyste-dr': ['DR', []],
  'analyste-s': ['S', ['ALPHA']],
  'analyste-etr': ['S', []],
  officier: ['NP', []],
};

/** The certificate of an account, for Playwright. */
export function certificate(site, name) {
  const people = join(site.dir, 'people');
  return { origin: site.origin, certPath: join(people, `${name}.pem`), keyPath: join(people, `${name}.key`) };
}

/**
 * Somebody with a certificate, in a context of his own. `troubles` fills with whatever a page should never do:
 * errors, reports of the content security policy, dialogs, requests to anywhere else.
 */
export async function person(chrome, site, name, options = {}) {
  const context = await chrome.newContext({
    baseURL: site.origin,
    ignoreHTTPSErrors: true,
    locale: options.locale ?? 'fr-FR',
    colorScheme: options.theme ?? 'light',
    viewport: options.viewport ?? { width: 1280, height: 900 },
    javaScriptEnabled: options.script ?? true,
    acceptDownloads: true,
    clientCertificates: name === null ? undefined : [certificate(site, name)],
  });
  // Far more than any page needs: what takes longer is a fault, and is told as one.
  context.setDefaultTimeout(90_000);
  const troubles = [];
  context.on('page', (page) => {
    page.on('pageerror', (error) => troubles.push(`error: ${error}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || /content security policy/i.test(message.text())) {
        troubles.push(`console: ${message.text()} (${message.location().url})`);
      }
    });
    page.on('dialog', async (dialog) => {
      troubles.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss().catch(() => {});
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

/**
 * Clicks what leads to another page, and answers when that one stands. A form with text asks first whether the server is there,
 * and is sent a moment after the click: whatever is opened meanwhile is overtaken by its answer (net::ERR_ABORTED).
 */
export async function follow(page, what) {
  await Promise.all([page.waitForNavigation(), page.locator(what).first().click()]);
}

/** Chooses the working label as people do. */
export async function workAt(who, level, categories = []) {
  await who.go('/about');
  await who.page.click('.working-btn');
  await who.page.check(`#travail input[name=level][value="${level}"]`);
  for (const box of await who.page.locator('#travail input[name=category]').all()) {
    await box.setChecked(categories.includes(await box.getAttribute('value')));
  }
  await follow(who.page, '#travail button[type=submit]');
}

/** Somebody at work, at the label of PEOPLE. */
export async function worker(chrome, site, name, options = {}) {
  const who = await person(chrome, site, name, options);
  await workAt(who, ...PEOPLE[name]);
  return who;
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

/** A file of this folder. */
export const beside = (name) => fileURLToPath(new URL(name, import.meta.url));
