// @ts-check
/**
 * `npm run bench:size`: what the same small app weighs on the wire with each library. It signs the
 * user in, shows who it is, calls an API and signs out. Same bundler, same minifiers, same run.
 * `npm run bench:size -- --parts` adds what each source file contributes to the core.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measure, measureCore, measureParts } from './measure.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const APPS = join(HERE, 'apps')
const OURS = 'tessera-auth'

/**
 * @param {string} command
 * @param {string} folder
 */
function npm(command, folder) {
  const path = process.env.npm_execpath
  const [file, ...args] = path ? [process.execPath, path] : ['npm']
  const options = [...command.split(' '), '--no-audit', '--no-fund']
  const { status } = spawnSync(/** @type {string} */ (file), [...args, ...options], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error(`npm ${command} failed in ${folder}`)
}

/** @param {string} folder */
function versionIn(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
}

/** @returns {Map<string, string>} The version of each library, by the name of its app. */
function versions() {
  const { dependencies } = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8'))
  return new Map([
    [OURS, versionIn(join(HERE, '../..'))],
    ...Object.keys(dependencies).map(
      (name) =>
        /** @type {[string, string]} */ ([
          basename(name),
          versionIn(join(HERE, 'node_modules', name)),
        ]),
    ),
  ])
}

if (!existsSync(join(HERE, '../../dist/index.js'))) npm('run build', join(HERE, '../..'))
if (!existsSync(join(HERE, 'node_modules'))) npm('ci --ignore-scripts', HERE)

const version = versions()
const rows = await Promise.all(
  readdirSync(APPS).map(async (file) => {
    const name = basename(file, '.js')
    const size = await measure(readFileSync(join(APPS, file), 'utf8'), APPS)
    return { name, ...size }
  }),
)
rows.sort((one, other) => one.brotli - other.brotli)
const own = rows.find(({ name }) => name === OURS)
if (!own) throw new Error(`There is no app of ${OURS}.`)

console.log('The same small app, esbuild and terser, bytes:\n')
console.log(
  `${'library'.padEnd(28)}${'raw'.padStart(9)}${'gzip'.padStart(9)}${'brotli'.padStart(9)}   ratio`,
)
for (const { name, raw, gzip, brotli } of rows) {
  const sizes = [raw, gzip, brotli].map((size) => String(size).padStart(9)).join('')
  const ratio = (brotli / own.brotli).toFixed(2).padStart(8)
  console.log(`${`${name} ${version.get(name)}`.padEnd(28)}${sizes}${ratio}`)
}
const core = await measureCore()
console.log(`\nThe core alone: ${core.brotli} bytes brotli; the aim is ${13 * 1024}.`)
if (process.argv.includes('--parts')) {
  console.log('\nMinified bytes in the core, by source file:\n')
  for (const [path, bytes] of await measureParts()) console.log(String(bytes).padStart(7), path)
}
