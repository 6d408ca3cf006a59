// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { findWebKit, missingOfWebKit, WEBKIT_PACKAGES, WEBKIT_VARIABLE } from './find-webkit.mjs'
import { isExecutable } from './is-executable.mjs'

/** @typedef {'chromium' | 'firefox'} PlaywrightName what playwright drives */
/** @typedef {PlaywrightName | 'shell'} KnownName */
/** @typedef {PlaywrightName | 'webkit'} BrowserName */

/**
 * @typedef {object} KnownBrowser
 * @property {string} variable of the environment, which may hold its path
 * @property {string[]} commands
 * @property {string[]} places
 * @property {string} debian its package
 * @property {number} minimum the first major version that playwright can drive
 */

/** @type {Record<KnownName, KnownBrowser>} */
const KNOWN = {
  chromium: {
    variable: 'TESSERA_CHROMIUM',
    commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    places: [
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    debian: 'chromium',
    minimum: 120,
  },
  // Chromium without the windows around its pages.
  shell: {
    variable: 'TESSERA_CHROMIUM_SHELL',
    commands: ['chromium-headless-shell'],
    places: [],
    debian: 'chromium-headless-shell',
    minimum: 120,
  },
  firefox: {
    variable: 'TESSERA_FIREFOX',
    commands: ['firefox-esr', 'firefox'],
    places: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    debian: 'firefox-esr',
    // `network.addDataCollector` of WebDriver BiDi.
    minimum: 143,
  },
}

/** @type {BrowserName[]} */
export const BROWSER_NAMES = ['chromium', 'firefox', 'webkit']

/**
 * Where playwright keeps a browser it has downloaded, or would.
 *
 * @param {PlaywrightName} name
 * @returns {string}
 */
export function playwrightsOwn(name) {
  const playwright = createRequire(import.meta.url)('playwright-core')
  return playwright[name].executablePath()
}

/**
 * The major version a browser says it has; 0 if it says none.
 *
 * @param {string} path
 */
function majorVersionOf(path) {
  const { stdout } = spawnSync(path, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 20_000,
  })
  return Number(/ (\d+)\./.exec(stdout ?? '')?.[1] ?? 0)
}

/**
 * Executables that may be the browser, best first.
 *
 * @param {KnownName} name
 * @returns {string[]}
 */
function candidates(name) {
  const { commands, places } = KNOWN[name]
  const path = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const installed = commands.flatMap((command) => path.map((folder) => join(folder, command)))
  const downloaded = name === 'shell' ? [] : [playwrightsOwn(name)]
  return [...installed, ...places, ...downloaded].filter(isExecutable)
}

/**
 * The path of a browser: from the environment, or an installed one, or playwright's own.
 *
 * @param {KnownName} name
 * @returns {string | undefined}
 * @throws {Error} When the environment names a file that is not there.
 */
export function findBrowser(name) {
  const { variable, minimum } = KNOWN[name]
  const wanted = process.env[variable]
  if (!wanted) return candidates(name).find((path) => majorVersionOf(path) >= minimum)
  if (isExecutable(wanted)) return wanted
  throw new Error(`${variable} is ${wanted}, which is not an executable file.`)
}

/**
 * The Chromium for pages that need no window: the same engine, in which a new profile costs a quarter
 * of the time. Where there is none, or somebody said which Chromium it has to be, that one.
 */
export function findShell() {
  const { TESSERA_CHROMIUM: chosen, TESSERA_CHROMIUM_SHELL: shell } = process.env
  return (chosen && !shell ? undefined : findBrowser('shell')) ?? findBrowser('chromium')
}

/**
 * Finds the browsers, and installs those that are missing: from Debian's packages where that can be
 * done, from playwright's download otherwise (there is none of WebKitGTK).
 *
 * @param {BrowserName[]} names
 * @param {(line: string) => void} log
 * @returns {Record<string, string>} The variables that hand the paths on to the tests.
 * @throws {Error} When one cannot be had; the message says what to do.
 */
export function ensureBrowsers(names, log) {
  const missing = names.filter(isMissing)
  if (missing.length > 0) install(missing, log)
  /** @type {Record<string, string>} */
  const variables = {}
  for (const name of names) {
    if (isMissing(name)) throw new Error(whatToDo(name))
    if (name === 'webkit') variables[WEBKIT_VARIABLE] = findWebKit().driver ?? ''
    else variables[KNOWN[name].variable] = findBrowser(name) ?? ''
    if (name === 'chromium') variables[KNOWN.shell.variable] = findShell() ?? ''
  }
  return variables
}

/** @param {BrowserName} name */
const isMissing = (name) => (name === 'webkit' ? missingOfWebKit() : !findBrowser(name))

/** @param {BrowserName} name */
function whatToDo(name) {
  if (name === 'webkit') return missingOfWebKit()
  const { variable, debian, minimum } = KNOWN[name]
  const old = candidates(name).map((path) => `${path} is version ${majorVersionOf(path)}. `)
  return (
    `No ${name} ${minimum} or later was found, and none could be installed. ${old.join('')}` +
    `Install one (on Debian: apt-get install ${debian}, with the security updates among the ` +
    `sources), or set ${variable} to the path of its executable.`
  )
}

/**
 * @param {BrowserName[]} names
 * @param {(line: string) => void} log
 */
function install(names, log) {
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    const packages = names.flatMap((name) =>
      name === 'webkit' ? WEBKIT_PACKAGES : KNOWN[name].debian,
    )
    log(`installing ${packages.join(' ')} with apt-get`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    run('apt-get', ['update'], env, log)
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], env, log)
    // Not every Debian has it, and nothing is lost without.
    if (names.includes('chromium')) {
      const { debian } = KNOWN.shell
      run('apt-get', ['install', '-y', '--no-install-recommends', debian], env, log)
    }
  }
  for (const name of names.filter(isMissing)) {
    if (name === 'webkit') continue
    log(`downloading ${name} with playwright`)
    const playwright = createRequire(import.meta.url).resolve('playwright-core')
    const cli = join(dirname(playwright), 'cli.js')
    run(process.execPath, [cli, 'install', name], process.env, log)
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} log
 */
function run(command, args, env, log) {
  const done = spawnSync(command, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: 10 * 60_000,
  })
  if (done.status === 0) return
  const output = `${done.stdout ?? ''}${done.stderr ?? ''}`.trimEnd().split('\n').slice(-15)
  log(`${command} ${args.join(' ')} failed: ${done.error?.message ?? `exit code ${done.status}`}`)
  for (const line of output) log(`  ${line}`)
}
