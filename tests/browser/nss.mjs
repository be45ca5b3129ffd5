// Chromium with its own TLS: the certificate lies in an NSS database, as on a workstation, and the profile on disk is the
// browser's own.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM, FLAGS } from './harness.mjs';

/** A home folder with the database and a profile that offers the certificate to this site without asking. */
export function home(site, name) {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-home-'));
  const database = join(folder, '.pki/nssdb'), profile = join(folder, 'profile');
  mkdirSync(database, { recursive: true });
  mkdirSync(join(profile, 'Default'), { recursive: true });
  const people = join(site.dir, 'people'), bundle = join(folder, 'person.p12');
  const run = (program, ...given) => execFileSync(program, given, { stdio: ['ignore', 'ignore', 'pipe'] });
  run('openssl', 'pkcs12', '-export', '-in', join(people, `${name}.pem`), '-inkey', join(people, `${name}.key`), '-out', bundle,
    '-passout', 'pass:essai');
  run('certutil', '-d', `sql:${database}`, '-N', '--empty-password');
  run('certutil', '-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', 'site', '-i', join(site.dir, 'ca/ca.pem'));
  run('pk12util', '-d', `sql:${database}`, '-i', bundle, '-W', 'essai', '-K', '');
  rmSync(bundle);
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify({
    profile: { content_settings: { exceptions: { auto_select_certificate: { [`${site.origin},*`]: { setting: { filters: [{}] } } } } } },
  }));
  const open = () => chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM, headless: true, chromiumSandbox: false, locale: 'fr-FR', args: FLAGS,
    env: { ...process.env, HOME: folder }, viewport: { width: 1280, height: 900 },
  });
  return { folder, profile, open, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}
