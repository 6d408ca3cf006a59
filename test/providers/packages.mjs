// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** What these tests run, by Debian's packages. */
export const PACKAGES = {
  glewlwyd: ['glewlwyd', 'sqlite3'],
  'liblemonldap-ng-portal-perl': [
    ...['liblemonldap-ng-portal-perl', 'libplack-perl', 'openssl'],
    // Which its package recommends, and without which it does not start.
    ...['perlmagick', 'libgd-securityimage-perl', 'libstring-random-perl', 'libio-string-perl'],
    ...['libmime-tools-perl', 'libemail-sender-perl'],
  ],
  'python3-django-oauth-toolkit': ['python3-django-oauth-toolkit', 'python3-django-cors-headers'],
  'libapache2-mod-oauth2': ['libapache2-mod-oauth2', 'apache2-bin'],
}

/**
 * The version of a package, or '' where it is not installed.
 *
 * @param {string} name
 */
export function versionOf(name) {
  // The fields are dpkg-query's own.
  const asked = ['-W', '-f', `\${db:Status-Status} \${Version}`, name]
  const { stdout } = spawnSync('dpkg-query', asked, { encoding: 'utf8' })
  const [status, version = ''] = (stdout ?? '').split(' ')
  return status === 'installed' ? version : ''
}

/**
 * Installs what is missing, or says how to.
 *
 * @param {(line: string) => void} log
 * @throws {Error} When it cannot be had; the message says what to do.
 */
export function ensurePackages(log) {
  const all = Object.values(PACKAGES).flat()
  const missing = all.filter((name) => !versionOf(name))
  if (missing.length === 0) return
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    throw new Error(`These tests need packages of Debian 12. As root:\n\n    ${command}\n`)
  }
  log(`installing ${missing.join(' ')} with apt-get`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...missing]]) {
    const done = spawnSync('apt-get', args, { env, encoding: 'utf8', timeout: 10 * 60_000 })
    if (done.status === 0) continue
    throw new Error(`apt-get ${args.join(' ')} failed:\n${done.stdout}${done.stderr}`)
  }
}
