// @ts-check
import { fileURLToPath } from 'node:url'
import commonjs from '@rollup/plugin-commonjs'
import resolve from '@rollup/plugin-node-resolve'
import { rollup } from 'rollup'
import { compressed, minified } from '../measure.mjs'
import { countDependencies } from '../packages.mjs'
import { PEERS } from '../peers.mjs'
import { appAliases, bundleApp, LOADED_ON_FAULTS } from '../stage/bundle-app.mjs'

const ENTRY = 'page/small-app.js'
const FOLDER = fileURLToPath(new URL('..', import.meta.url))
const FORMS = /** @type {const} */ (['raw', 'gzip', 'brotli'])

/**
 * What the same small app weighs with each library, by two bundlers, minified by terser.
 *
 * @param {Pick<import('../interleave.mjs').Run, 'names' | 'progress'>} run
 * @returns {Promise<import('../interleave.mjs').Row[]>}
 */
export async function measureSize({ names, progress }) {
  const bundlers = {
    esbuild: (/** @type {string} */ name) => bundleApp(name, ENTRY),
    rollup: byRollup,
  }
  /** @type {import('../interleave.mjs').Row[]} */
  const rows = []
  for (const [bundler, bundle] of Object.entries(bundlers)) {
    /** @type {Record<string, import('../measure.mjs').Size>} */
    const sizes = {}
    for (const name of names) {
      progress(`size: ${bundler}, ${name}`)
      sizes[name] = compressed(await minified(await bundle(name)))
    }
    for (const form of FORMS) {
      const values = Object.fromEntries(names.map((name) => [name, sizes[name]?.[form] ?? 0]))
      const measure = `small app, ${bundler} and terser, ${form}`
      rows.push({ item: 'size', measure, unit: 'bytes', values, unable: {} })
    }
  }
  const values = Object.fromEntries(
    PEERS.filter(({ name }) => names.includes(name)).map((peer) => [
      peer.name,
      countDependencies(peer.package),
    ]),
  )
  return [...rows, { item: 'size', measure: 'dependencies', unit: '', values, unable: {} }]
}

/** @param {string} name */
async function byRollup(name) {
  const aliases = appAliases(name)
  const bundle = await rollup({
    input: FOLDER + ENTRY,
    plugins: [
      { name: 'app', resolveId: (source) => aliases[source] ?? null },
      resolve({ browser: true }),
      commonjs(),
    ],
    external: LOADED_ON_FAULTS,
    onLog() {},
  })
  const { output } = await bundle.generate({ format: 'esm', inlineDynamicImports: true })
  return output[0].code
}
