// @ts-check
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

/** @typedef {'chromium' | 'firefox'} BrowserName */

/**
 * Where a browser is looked for, and what Debian calls it. Only Node's own modules are used up
 * here, because a fresh clone has nothing else.
 *
 * @type {Record<BrowserName, { variable: string; commands: string[]; places: string[]; debian: string }>}
 */
const KNOWN = {
  chromium: {
    variable: 'TESSERA_CHROMIUM',
    commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    places: [
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    debian: 'chromium',
  },
  firefox: {
    variable: 'TESSERA_FIREFOX',
    commands: ['firefox-esr', 'firefox'],
    places: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    debian: 'firefox-esr',
  },
}

/** @type {BrowserName[]} */
export const BROWSER_NAMES = ['chromium', 'firefox']

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Where playwright keeps a browser it has downloaded, or would.
 *
 * @param {BrowserName} name
 * @returns {string}
 */
export function playwrightsOwn(name) {
  const playwright = createRequire(import.meta.url)('playwright-core')
  return playwright[name].executablePath()
}

/**
 * The path of a browser: from the environment, or an installed one, or playwright's own.
 *
 * @param {BrowserName} name
 * @returns {string | undefined}
 * @throws {Error} When the environment names a file that is not there.
 */
export function findBrowser(name) {
  const { variable, commands, places } = KNOWN[name]
  const wanted = process.env[variable]
  if (wanted) {
    if (isExecutable(wanted)) return wanted
    throw new Error(`${variable} is ${wanted}, which is not an executable file.`)
  }
  const path = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const installed = commands.flatMap((command) => path.map((folder) => join(folder, command)))
  return [...installed, ...places, playwrightsOwn(name)].find(isExecutable)
}

/**
 * Finds the browsers, and installs those that are missing: from Debian's packages where that can be
 * done, from playwright's download otherwise.
 *
 * @param {BrowserName[]} names
 * @param {(line: string) => void} log
 * @returns {Record<string, string>} The variables that hand the paths on to the tests.
 * @throws {Error} When one cannot be had; the message says what to do.
 */
export function ensureBrowsers(names, log) {
  const missing = names.filter((name) => !findBrowser(name))
  if (missing.length > 0) install(missing, log)
  /** @type {Record<string, string>} */
  const variables = {}
  for (const name of names) {
    const path = findBrowser(name)
    if (!path) {
      const { variable, debian } = KNOWN[name]
      throw new Error(
        `No ${name} was found, and none could be installed. Install it (on Debian: ` +
          `apt-get install ${debian}), or set ${variable} to the path of its executable.`,
      )
    }
    variables[KNOWN[name].variable] = path
  }
  return variables
}

/**
 * @param {BrowserName[]} names
 * @param {(line: string) => void} log
 */
function install(names, log) {
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    const packages = names.map((name) => KNOWN[name].debian)
    log(`installing ${packages.join(' ')} with apt-get`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    run('apt-get', ['update'], env, log)
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], env, log)
  }
  for (const name of names.filter((each) => !findBrowser(each))) {
    log(`downloading ${name} with playwright`)
    const cli = createRequire(import.meta.url).resolve('playwright-core/cli.js')
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
