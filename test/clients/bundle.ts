import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export const APPS = fileURLToPath(new URL('./apps/', import.meta.url))

/**
 * Bundles an app for browsers. The recipe in it is as it stands in the documents, but for the address
 * of its API; its `auth` is the page's own.
 */
export async function bundle(name: string, api: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${APPS}${name}.js`],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'recipes',
        setup({ onLoad }) {
          onLoad({ filter: /recipes\/[\w-]+\.js$/ }, async ({ path }) => ({
            contents: path.endsWith('auth.js')
              ? 'export const auth = globalThis.auth'
              : (await readFile(path, 'utf8'))
                  .replaceAll('https://api.example', api)
                  .replaceAll('wss://api.example', api.replace('http', 'ws')),
          }))
        },
      },
    ],
  })
  return outputFiles[0]?.text ?? ''
}
