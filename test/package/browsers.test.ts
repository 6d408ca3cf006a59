import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { describe, expect, test } from 'vitest'
import floor from './browser-floor.json' with { type: 'json' }
import { featuresCalled, findFeatures, lackedBy } from './find-features.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const OAUTH4WEBAPI = `${ROOT}node_modules/oauth4webapi/build/index.js`

/** What is newer than the floor, and used only where it is there. */
const DETECTED: Readonly<Record<string, readonly string[]>> = {
  src: [
    'api.Navigator.serviceWorker',
    'api.Navigator.userActivation',
    'api.Request.body',
    'api.Request.keepalive',
    'api.ServiceWorker.state',
    'api.ServiceWorkerContainer.controller',
    'api.UserActivation.isActive',
  ],
  oauth4webapi: [
    'api.URL.parse_static',
    'javascript.builtins.Error.captureStackTrace',
    'javascript.builtins.Uint8Array.fromBase64',
    'javascript.builtins.Uint8Array.toBase64',
  ],
}

const filesOf = (folder: string, suffix: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => suffix.test(name))
    .map((name) => `${folder}/${name}`)

/** Everything that files use and the oldest browsers do not have. */
function newerThanFloor(files: readonly string[]): string[] {
  const { names, unknown } = findFeatures(files)
  // A method of who knows what counts where nothing of that name is old enough.
  const guessed = [...unknown]
    .map(featuresCalled)
    .filter((all) => all.every(isLacked))
    .flat()
  return [...new Set([...[...names].filter(isLacked), ...guessed])].sort()
}

const isLacked = (feature: string) => lackedBy(feature, floor).length > 0

/** The floor as esbuild names its targets. */
const TARGETS = [
  `chrome${floor.chrome}`,
  `firefox${floor.firefox}`,
  `safari${floor.safari}`,
  `ios${floor.safari}`,
]

/** Whether the oldest browsers read a script as it stands, by what esbuild would write for them. */
async function isReadable(script: string): Promise<boolean> {
  const [asItIs, forOldest] = await Promise.all(
    ['esnext', TARGETS].map((target) => transform(script, { target, logLevel: 'silent' })),
  )
  return asItIs?.code === forOldest?.code
}

describe('what the oldest supported browsers lack is used only where it is there', () => {
  test.for([
    ['src', filesOf(`${ROOT}src`, /\.ts$/)],
    ['oauth4webapi', [OAUTH4WEBAPI]],
  ] as const)('%s', ([name, files]) => {
    expect(newerThanFloor(files)).toEqual(DETECTED[name])
  })

  test.for([
    ['URL.canParse("")', ['api.URL.canParse_static']],
    ['Response.json({})', ['api.Response.json_static']],
    ['AbortSignal.any([])', ['api.AbortSignal.any_static']],
    ['const { userActivation } = navigator', ['api.Navigator.userActivation']],
    ['new URLSearchParams().size', ['api.URLSearchParams.size']],
    ['new URLPattern()', ['api.URLPattern', 'api.URLPattern.URLPattern']],
    ['[1].toSorted()', ['javascript.builtins.Array.toSorted']],
    ['Promise.withResolvers()', ['javascript.builtins.Promise.withResolvers']],
    [
      'export const f = (all) => all.symmetricDifference([])',
      ['javascript.builtins.Set.symmetricDifference'],
    ],
    ['AbortSignal.timeout(1); navigator.locks.query(); [1].at(-1); new Set().size', []],
  ] as const)('%s', ([script, features]) => {
    const folder = mkdtempSync(join(tmpdir(), 'tessera-features-'))
    try {
      writeFileSync(join(folder, 'script.js'), script)
      expect(newerThanFloor([join(folder, 'script.js')])).toEqual(features)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

test('every older browser is refused with a clear error: createAuth() asks for the last that came', () => {
  const older = Object.fromEntries(
    Object.entries(floor).map(([name, first]) => [name, String(Number(first) - 1)]),
  )
  const isRefused = lackedBy('api.AbortSignal.timeout_static', older)
  expect(Object.keys(older).filter((name) => !isRefused.includes(name))).toEqual([])
})

test('README.md and docs/browsers.md name the oldest browsers', () => {
  const { chrome, firefox, safari, samsunginternet_android: samsung } = floor
  const [readme, page] = ['README.md', 'docs/browsers.md'].map((path) =>
    readFileSync(ROOT + path, 'utf8'),
  )
  expect(readme).toContain(
    `Chrome, Edge and Android WebView from ${chrome}, Firefox from ${firefox}, Safari from ${safari} (on iOS, every browser) and Samsung Internet from ${samsung}.`,
  )
  expect(
    [...(page ?? '').matchAll(/^\| (\w+).* \| (\d+) \| \w+ \d{4} \|$/gm)].map(([, ...row]) => row),
  ).toEqual([
    ['Chrome', chrome],
    ['Firefox', firefox],
    ['Safari', safari],
    ['Samsung', samsung],
  ])
})

describe('the oldest supported browsers can read every script', () => {
  test.for([...filesOf(`${ROOT}dist`, /\.js$/), OAUTH4WEBAPI])('%s', async (file) => {
    expect(await isReadable(readFileSync(file, 'utf8'))).toBe(true)
  })

  test.for([
    ['class A { static { A.b = 1 } }', false],
    ['/(?<=a)b/.test("ab")', false],
    ['/a/v.test("a")', false],
    ['using a = b()', false],
    ['class A { #b = 1; has(a) { return #b in a } }', true],
    ['a ??= b?.c', true],
  ] as const)('%s', async ([script, is]) => {
    expect(await isReadable(script)).toBe(is)
  })
})
