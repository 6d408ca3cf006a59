// @ts-check
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { dts } from 'rollup-plugin-dts'
import esbuild from 'rollup-plugin-esbuild'

/** @typedef {import('rollup').RollupOptions} RollupOptions */
/** @typedef {import('rollup').Plugin} Plugin */

const DIST = 'dist'
const SCRIPT = 'tessera-auth.min.js'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const bundled = JSON.parse(readFileSync('node_modules/oauth4webapi/package.json', 'utf8'))

/** One entry for each file that `exports` of package.json promises, so that there is one list. */
const input = Object.fromEntries(
  Object.values(manifest.exports)
    .filter((target) => typeof target === 'object')
    .map((target) => /^\.\/dist\/(.+)\.js$/.exec(target.default)?.[1])
    .map((name) => [name, `src/${name}.ts`]),
)

const written = new Set()

/**
 * Remembers what was written. The last build then removes what an earlier one left behind: emptying
 * `dist` first would pull it from under servers and tests that read it meanwhile.
 *
 * @param {{ last?: boolean }} [options]
 * @returns {Plugin}
 */
function prune({ last = false } = {}) {
  return {
    name: 'prune',
    writeBundle(_options, bundle) {
      for (const name of Object.keys(bundle)) written.add(name)
      if (!last) return
      for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name)
        if (entry.isFile() && !written.has(path.slice(DIST.length + 1).replaceAll('\\', '/'))) {
          rmSync(path)
        }
      }
    },
  }
}

/**
 * Writes the hash for `integrity="…"` beside the script, and prints it. It is taken from the file on
 * the disk, which is what gets published.
 *
 * @returns {Plugin}
 */
function integrity() {
  return {
    name: 'integrity',
    writeBundle() {
      const digest = createHash('sha384')
        .update(readFileSync(join(DIST, SCRIPT)))
        .digest('base64')
      writeFileSync(join(DIST, `${SCRIPT}.sri`), `sha384-${digest}\n`)
      written.add(`${SCRIPT}.sri`)
      console.log(`${DIST}/${SCRIPT} sha384-${digest}`)
    },
  }
}

/**
 * The script holds oauth4webapi, whose licence wants its text to travel along.
 *
 * @returns {Plugin}
 */
function licences() {
  return {
    name: 'licences',
    generateBundle() {
      const text = readFileSync('node_modules/oauth4webapi/LICENSE.md', 'utf8')
      this.emitFile({
        type: 'asset',
        fileName: `${SCRIPT}.LICENSE`,
        source: `${SCRIPT} contains ${bundled.name} ${bundled.version}:\n\n${text}`,
      })
    },
  }
}

const transpile = () => esbuild({ target: 'es2022', tsconfig: 'tsconfig.json' })

/**
 * A warning of the bundler (a circular import, an unresolved name) is a mistake of ours.
 *
 * @type {import('rollup').WarningHandlerWithDefault}
 */
function onwarn(warning) {
  throw new Error(warning.message)
}

/** @type {RollupOptions[]} */
export default [
  {
    input,
    onwarn,
    external: Object.keys(manifest.dependencies),
    plugins: [transpile(), prune()],
    output: {
      dir: DIST,
      format: 'es',
      sourcemap: true,
      chunkFileNames: 'chunks/[name].js',
      minifyInternalExports: false,
      hoistTransitiveImports: false,
    },
  },
  {
    input,
    onwarn,
    external: Object.keys(manifest.dependencies),
    plugins: [dts({ tsconfig: 'tsconfig.json' }), prune()],
    output: { dir: DIST, format: 'es', chunkFileNames: 'chunks/[name].d.ts' },
  },
  {
    input: 'src/script.ts',
    onwarn,
    plugins: [nodeResolve(), transpile(), licences(), integrity(), prune({ last: true })],
    output: {
      file: join(DIST, SCRIPT),
      format: 'iife',
      name: 'tessera',
      sourcemap: true,
      sourcemapPathTransform: (path) => path.replace(/^.*\bnode_modules\//, '../node_modules/'),
      banner: `/*! ${manifest.name} ${manifest.version} | ${manifest.license} | with ${bundled.name} ${bundled.version} | ${SCRIPT}.LICENSE */`,
      plugins: [
        terser({ ecma: 2022, compress: { passes: 2 }, format: { comments: /^!/, ecma: 2022 } }),
      ],
    },
  },
]
