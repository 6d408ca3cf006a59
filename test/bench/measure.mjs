// @ts-check
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { minify } from 'terser'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** What the core shall weigh on the wire: createAuth, oauth4webapi inside, minified, brotli. */
export const CORE_AIM = 13 * 1024

/** What it may weigh until it gets there: it must not grow. docs/measurements.md says where it is. */
export const CORE_BUDGET = 19 * 1024

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
    alias: { 'tessera-auth': `${ROOT}dist/index.js` },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  })
  const { code = '' } = await minify(/** @type {string} */ (bundle.outputFiles[0]?.text), {
    module: true,
    ecma: 2020,
    compress: { passes: 2 },
    format: { comments: false },
  })
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
