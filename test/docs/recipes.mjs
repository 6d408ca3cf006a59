// @ts-check
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import ts from 'typescript'
import { OPTIONS } from './code-blocks.mjs'
import { ROOT, readPage } from './pages.mjs'

/** Where recipes are written, as apps. Packages are looked up from here: those of this folder. */
const FOLDER = `${ROOT}test/docs/.cache/`

const NAMED = /^`([\w.+-]+)`\n\n```(\w+)\n([\s\S]*?)^```$/gm

/** What a bundler's plugin would declare, or a framework that is not installed here. */
const SHIMS = `declare module '*.vue' {
  const component: import('vue').Component
  export default component
}
declare module '*.svelte' {
  const component: import('svelte').Component
  export default component
}
declare module '@sveltejs/kit' {
  export function error(status: number, message: string): never
}
declare module 'vite-plugin-pwa' {
  interface RuntimeCaching {
    urlPattern: RegExp | ((about: { request: Request; sameOrigin: boolean }) => boolean)
    handler: string
  }
  export function VitePWA(options: {
    registerType: 'autoUpdate' | 'prompt'
    workbox: { navigateFallbackDenylist: RegExp[]; runtimeCaching: RuntimeCaching[] }
  }): import('vite').PluginOption
}
declare module '@sentry/browser' {
  export function init(options: {
    dsn: string
    integrations: unknown[]
    tracesSampleRate: number
  }): void
  export function browserTracingIntegration(): unknown
  export function replayIntegration(): unknown
  export function captureException(error: unknown): void
}
declare module 'virtual:pwa-register' {
  export function registerSW(options: { immediate: boolean; onNeedReload: () => void }): void
}
`

/**
 * The files of a recipe: the blocks of code with a name above them.
 *
 * @param {string} page
 * @returns {Record<string, string>}
 */
function readFiles(page) {
  return Object.fromEntries(
    [...readPage(`docs/recipes/${page}.md`).matchAll(NAMED)].map(([, name, , code]) => [
      name,
      code,
    ]),
  )
}

/**
 * Writes a recipe as an app, with the client that all of them share unless it has its own.
 *
 * @param {string} page
 * @param {Readonly<Record<string, string>>} [changes] what the reader replaces, and by what
 * @returns {string} its folder
 */
export function writeRecipe(page, changes = {}) {
  const folder = `${FOLDER}${page}/`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  linkPackage()
  const files = { ...readFiles('README'), ...readFiles(page), 'shims.d.ts': SHIMS }
  for (const [name, code] of Object.entries(files)) {
    const changed = Object.entries(changes).reduce(
      (text, [from, to]) => text.replaceAll(from, to),
      code,
    )
    writeFileSync(join(folder, name), changed)
  }
  return folder
}

/** As if the package, as it is built, had been installed there. */
function linkPackage() {
  const link = `${FOLDER}node_modules/tessera-auth`
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { force: true, recursive: true })
  symlinkSync(ROOT, link, 'junction')
}

/**
 * @param {readonly string[]} folders
 * @returns {string[]} a line per mistake
 */
export function compileRecipes(folders) {
  const program = ts.createProgram(
    folders.flatMap((folder) => ts.sys.readDirectory(folder, ['.ts', '.tsx'])),
    { ...OPTIONS, jsx: ts.JsxEmit.ReactJSX, experimentalDecorators: true },
  )
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const { line } = file ? ts.getLineAndCharacterOfPosition(file, start) : { line: 0 }
    const message = ts.flattenDiagnosticMessageText(messageText, ' ')
    return `${file?.fileName.replace(FOLDER, '')}:${line + 1}: ${message}`
  })
}

/**
 * Bundles a file of a recipe, as a bundler with the plugins of the frameworks would: for development,
 * where React's StrictMode does everything twice.
 *
 * @param {string} folder
 * @param {string} entry
 * @returns {Promise<string>}
 */
export async function bundleRecipe(folder, entry) {
  const { outputFiles } = await build({
    entryPoints: [folder + entry],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    conditions: ['browser', 'development'],
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    write: false,
    logLevel: 'silent',
    plugins: [vue, svelte, angular],
  })
  return outputFiles[0]?.text ?? ''
}

/** @type {import('esbuild').Plugin} */
const vue = {
  name: 'vue',
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { compileScript, parse } = await import('vue/compiler-sfc')
      const { descriptor } = parse(ts.sys.readFile(path) ?? '')
      const { content } = compileScript(descriptor, { id: 'app', inlineTemplate: true })
      return { contents: content, loader: 'ts' }
    })
  },
}

/** @type {import('esbuild').Plugin} */
const svelte = {
  name: 'svelte',
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { compile } = await import('svelte/compiler')
      const { js } = compile(ts.sys.readFile(path) ?? '', { generate: 'client', filename: path })
      return { contents: js.code, loader: 'js' }
    })
  },
}

/** Angular's own tools compile ahead of time. Here its compiler goes along. @type {import('esbuild').Plugin} */
const angular = {
  name: 'angular',
  setup({ onLoad }) {
    onLoad({ filter: /guard-angular[\\/]main\.ts$/ }, ({ path }) => ({
      contents: `import '@angular/compiler'\n${ts.sys.readFile(path)}`,
      loader: 'ts',
    }))
  },
}
