// @ts-check
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { minify } from 'terser'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** @type {{ exports: Record<string, { default: string }> }} */
const { exports } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'))

/** The built file of each entry point, by what an app imports. */
const ENTRY_POINTS = Object.fromEntries(
  Object.entries(exports)
    .filter(([path]) => path !== './package.json')
    .map(([path, file]) => [path.replace('.', 'tessera-auth'), ROOT + file.default]),
)

/** @typedef {{ raw: number; gzip: number; brotli: number }} Size */

/**
 * Bundles a module for browsers and weighs it: everything it needs inside, minified by esbuild and
 * then by terser.
 *
 * @param {string} module Its source.
 * @param {string} [folder] The folder from which its imports are resolved.
 * @returns {Promise<Size>}
 */
export async function measure(module, folder = ROOT) {
  const bundle = await build({
    stdin: { contents: module, resolveDir: folder },
    absWorkingDir: ROOT,
    alias: ENTRY_POINTS,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  })
  return compressed(await minified(/** @type {string} */ (bundle.outputFiles[0]?.text)))
}

/** @param {string} module */
export async function minified(module) {
  const { code = '' } = await minify(module, {
    module: true,
    ecma: 2020,
    compress: { passes: 2 },
    format: { comments: false },
  })
  return code
}

/**
 * @param {string} code
 * @returns {Size}
 */
export function compressed(code) {
  return {
    raw: Buffer.byteLength(code),
    gzip: gzipSync(code, { level: 9 }).length,
    brotli: brotliCompressSync(code, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(code),
      },
    }).length,
  }
}

/**
 * What the core is made of: minified bytes by source file, largest first.
 *
 * @returns {Promise<[path: string, bytes: number][]>}
 */
export async function measureParts() {
  const { metafile } = await build({
    stdin: { contents: `export { createAuth } from './src/index.js'`, resolveDir: ROOT },
    absWorkingDir: ROOT,
    outfile: 'core.js',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  return Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .map(([path, { bytesInOutput }]) => /** @type {[string, number]} */ ([path, bytesInOutput]))
    .filter(([, bytes]) => bytes > 0)
    .sort(([, one], [, other]) => other - one)
}

/** The core as an app gets it, and nothing else. */
export function measureCore() {
  return measure(`export { createAuth } from 'tessera-auth'`)
}

/**
 * What each entry point weighs in brotli bytes: the core with oauth4webapi inside, and of the others
 * what they add to it.
 *
 * @returns {Promise<Record<string, number>>}
 */
export async function measureEntryPoints() {
  const core = await measureCore()
  const sizes = await Promise.all(
    Object.keys(ENTRY_POINTS).map(async (name) => {
      if (name === 'tessera-auth') return [name, core.brotli]
      const both = `export { createAuth } from 'tessera-auth'\nexport * from '${name}'`
      return [name, (await measure(both)).brotli - core.brotli]
    }),
  )
  return Object.fromEntries(sizes)
}
