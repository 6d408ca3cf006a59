// @ts-check
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** What oidc-spa loads by a dynamic import where something is wrong, and else never. */
export const LOADED_ON_FAULTS = ['./diagnostic.mjs', '../vendor/frontend/webcrypto-liner-shim.mjs']

/**
 * What the modules of pages import, by the peer that they are made for.
 *
 * @param {string} name
 * @returns {Record<string, string>}
 */
export function appAliases(name) {
  return { app: `${ROOT}test/bench/apps/${name}.js`, 'tessera-auth': `${ROOT}dist/index.js` }
}

/**
 * A module that imports `connect` from `app`, with the library of a peer inside, minified.
 *
 * @param {string} name The peer.
 * @param {string} [file] The module, in test/bench.
 * @param {'esm' | 'iife'} [format]
 */
export async function bundleApp(name, file = 'page/app.js', format = 'esm') {
  const { outputFiles } = await build({
    entryPoints: [`${ROOT}test/bench/${file}`],
    alias: appAliases(name),
    bundle: true,
    external: LOADED_ON_FAULTS.map((path) => `*${path.slice(path.lastIndexOf('/'))}`),
    format,
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}
