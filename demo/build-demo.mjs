import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const APP = join(ROOT, 'demo/app')

/** The built app, as files. */
export const APP_FILES = join(APP, 'dist')

/** @typedef {<T>(what: string, work: () => Promise<T>) => Promise<T>} Progress */

/**
 * Installs the project's packages where there are none. Needs nothing but Node and npm.
 *
 * @param {Progress} progress
 */
export async function installPackages(progress) {
  // npm writes this file last.
  if (existsSync(join(ROOT, 'node_modules/.package-lock.json'))) return
  await progress('Installing packages (the first time only, up to two minutes)', () => {
    return runNpm(['ci', '--no-audit', '--no-fund'])
  })
}

/**
 * Builds the package and the app, each only when it is missing or older than what it is made from.
 *
 * @param {Progress} progress
 */
export async function buildDemo(progress = (_, work) => work()) {
  const inputs = ['src', 'rollup.config.mjs', 'package.json', 'tsconfig.json']
  const library = join(ROOT, 'dist')
  if (isStale(join(library, 'index.js'), ...inputs.map((name) => join(ROOT, name)))) {
    await progress('Building tessera-auth', () => runNpm(['run', 'build']))
  }
  if (isStale(join(APP_FILES, 'index.html'), APP, library)) {
    await progress('Building Tax eFile', buildApp)
  }
}

async function buildApp() {
  const { build } = await import('vite')
  await build({ configFile: join(APP, 'vite.config.mjs'), logLevel: 'warn' })
}

/**
 * @param {string} output
 * @param {...string} inputs
 */
function isStale(output, ...inputs) {
  if (!existsSync(output)) return true
  return Math.max(...inputs.map(findNewest)) > statSync(output).mtimeMs
}

/**
 * When anything at this path was last changed. A folder counts too: it changes when a file goes.
 *
 * @param {string} path
 * @returns {number}
 */
function findNewest(path) {
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  const names = readdirSync(path).filter((name) => join(path, name) !== APP_FILES)
  const times = names.map((name) => findNewest(join(path, name)))
  return path === APP ? Math.max(...times) : Math.max(mtimeMs, ...times)
}

/**
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function runNpm(args) {
  // Under `npm start` this is the very npm that runs it; on Windows the command is a batch file.
  const script = process.env.npm_execpath
  const [command, all] = script ? [process.execPath, [script, ...args]] : ['npm', args]
  const child = spawn(command, all, {
    cwd: ROOT,
    shell: !script && process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`npm ${args.join(' ')} failed with code ${code}:\n${output.trim()}`))
    })
  })
}
