import { execFileSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PROBE = fileURLToPath(new URL('./import-probe.mjs', import.meta.url))

/** The modules that `exports` promises, by their subpath. */
const entries = Object.entries(manifest.exports).flatMap(([subpath, target]) =>
  typeof target === 'string' ? [] : [[subpath, target.default] as const],
)

function globalsTouchedBy(module: string): string[] {
  return JSON.parse(execFileSync(process.execPath, [PROBE, module], { encoding: 'utf8' }))
}

const source = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`

describe('importing touches no global', () => {
  test.for(entries)('%s', ([, path]) => {
    expect(globalsTouchedBy(pathToFileURL(ROOT + path).href)).toEqual([])
  })

  test.for([
    ['a value', 'export const a = document.title', ['TypeError', 'document']],
    ['a feature test', `export const a = typeof indexedDB !== 'undefined'`, ['indexedDB']],
    ['a reference', 'export const a = globalThis.fetch', ['fetch']],
    ['a write', 'globalThis.location = 1', ['location']],
    ['a class of the platform', 'const a = new URL("x:y")', ['TypeError', 'URL']],
  ] as const)('the probe notices %s', ([, text, touched]) => {
    expect(globalsTouchedBy(source(text)).map((each) => each.split(':')[0])).toEqual(touched)
  })

  test('the probe is quiet about the language itself', () => {
    expect(
      globalsTouchedBy(source('export const a = new Map([[Math.PI, Promise.resolve()]])')),
    ).toEqual([])
  })
})

test.for(entries)('%s imports in Node as it is', async ([, path]) => {
  const module: Record<string, unknown> = await import(pathToFileURL(ROOT + path).href)
  expect(Object.keys(module).length).toBeGreaterThan(0)
})
