import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/**
 * What gives an entry point away in the bundle of an app, whatever a minifier does to names. Popup,
 * frame and callback page share what they find each other by.
 */
const TRACES: Readonly<Record<string, readonly string[]>> = {
  'tessera-auth/cyberark': ['.id.cyberark.cloud', 'trusted DNS domains'],
  'tessera-auth/popup': ['about:blank', 'popup_blocked', 'tessera-auth callback'],
  'tessera-auth/silent': ['iframe', 'allow-same-origin', 'hidden frame', 'tessera-auth callback'],
  'tessera-auth/wait': ['Another user signed in than before.'],
  'tessera-auth/idle': ['pointerdown'],
  'tessera-auth/callback': ['tessera-auth callback'],
  'tessera-auth/par': ['request_uri:', 'pushed requests'],
  'tessera-auth/post': ['createElement("form")', 'HTMLFormElement'],
  'tessera-auth/dpop': ['use_dpop_nonce', 'dpop+jwt', 'key pair'],
  'tessera-auth/password': ['user_name', '"password"', 'Basic '],
}

async function bundle(module: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: module, resolveDir: ROOT },
    absWorkingDir: ROOT,
    alias: Object.fromEntries(
      Object.entries(manifest.exports).flatMap(([path, target]) =>
        typeof target === 'string'
          ? []
          : [[path.replace('.', manifest.name), ROOT + target.default]],
      ),
    ),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

test('an app that imports no capability has nothing of any in its bundle', async () => {
  const core = await bundle("export { createAuth } from 'tessera-auth'")
  expect(core.length).toBeGreaterThan(10_000)
  const found = Object.values(TRACES)
    .flat()
    .filter((trace) => core.includes(trace))
  expect(found).toEqual([])
})

test('no script has a character beyond ASCII: engines would keep all of it at twice its size', async () => {
  const names = (await readdir(`${ROOT}dist`, { recursive: true })).filter((name) =>
    name.endsWith('.js'),
  )
  expect(names).toContain('tessera-auth.min.js')
  for (const name of names) {
    const text = await readFile(`${ROOT}dist/${name}`, 'utf8')
    expect(text.match(/[^\n\t -~]/)?.[0], name).toBeUndefined()
  }
})

test.for(Object.entries(TRACES))(
  'an app that imports %s has it, and no other',
  async ([name, traces]) => {
    const text = await bundle(`export { createAuth } from 'tessera-auth'\nexport * from '${name}'`)
    expect(traces.filter((trace) => !text.includes(trace))).toEqual([])
    const others = Object.entries(TRACES)
      .filter(([other]) => other !== name)
      .flatMap(([, own]) => own)
      .filter((trace) => !traces.includes(trace) && text.includes(trace))
      // Popup, frame and callback page share what they find each other by.
      .filter((trace) => !trace.includes('tessera-auth callback'))
    expect(others).toEqual([])
  },
)

test('every entry point is looked for', () => {
  const names = Object.keys(manifest.exports).map((path) => path.replace('.', manifest.name))
  expect([manifest.name, ...Object.keys(TRACES), `${manifest.name}/package.json`].sort()).toEqual(
    names.sort(),
  )
})
