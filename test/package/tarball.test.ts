import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { listPages, readPage } from '../docs/pages.mjs'
import { type Packed, pack, ROOT } from './pack.ts'

/** What is published, and nothing else. A new entry adds its three files here. */
const PUBLISHED = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'dist/callback.d.ts',
  'dist/callback.js',
  'dist/callback.js.map',
  'dist/chunks/assert-options.js',
  'dist/chunks/assert-options.js.map',
  'dist/chunks/assert-page.js',
  'dist/chunks/assert-page.js.map',
  'dist/chunks/auth.d.ts',
  'dist/chunks/capabilities.d.ts',
  'dist/chunks/client-of.js',
  'dist/chunks/client-of.js.map',
  'dist/chunks/create-auth.js',
  'dist/chunks/create-auth.js.map',
  'dist/chunks/errors.js',
  'dist/chunks/errors.js.map',
  'dist/chunks/is-provider-url.js',
  'dist/chunks/is-provider-url.js.map',
  'dist/chunks/provider.d.ts',
  'dist/chunks/read-challenges.js',
  'dist/chunks/read-challenges.js.map',
  'dist/chunks/read-failure.js',
  'dist/chunks/read-failure.js.map',
  'dist/chunks/read-json.js',
  'dist/chunks/read-json.js.map',
  'dist/chunks/wait-for-callback.js',
  'dist/chunks/wait-for-callback.js.map',
  'dist/cyberark.d.ts',
  'dist/cyberark.js',
  'dist/cyberark.js.map',
  'dist/dpop.d.ts',
  'dist/dpop.js',
  'dist/dpop.js.map',
  'dist/idle.d.ts',
  'dist/idle.js',
  'dist/idle.js.map',
  'dist/index.d.ts',
  'dist/index.js',
  'dist/index.js.map',
  'dist/par.d.ts',
  'dist/par.js',
  'dist/par.js.map',
  'dist/password.d.ts',
  'dist/password.js',
  'dist/password.js.map',
  'dist/popup.d.ts',
  'dist/popup.js',
  'dist/popup.js.map',
  'dist/post.d.ts',
  'dist/post.js',
  'dist/post.js.map',
  'dist/silent.d.ts',
  'dist/silent.js',
  'dist/silent.js.map',
  'dist/tessera-auth.min.js',
  'dist/tessera-auth.min.js.LICENSE',
  'dist/tessera-auth.min.js.map',
  'dist/tessera-auth.min.js.sri',
  'dist/wait.d.ts',
  'dist/wait.js',
  'dist/wait.js.map',
  ...listPages().filter((page) => page.startsWith('docs/')),
  'package.json',
].sort()

let packed: Packed

beforeAll(async () => {
  packed = await pack()
})

afterAll(async () => {
  await packed?.remove()
})

test('the tarball holds what belongs there and nothing else', () => {
  expect(packed.files).toEqual(PUBLISHED)
})

test('the links of the pages lead to files of the package', () => {
  const pages = packed.files.filter((path) => /\.(md|txt)$/.test(path))
  const broken = pages.flatMap((page) =>
    [...readPage(page).matchAll(/\]\((?!https?:|#)([^)\s#]+)/g)]
      .map(([, target = '']) => join(dirname(page), target).replaceAll('\\', '/'))
      .filter((path) => !packed.files.includes(path))
      .map((path) => `${page}: ${path}`),
  )
  // It is for who has a clone.
  expect(broken).toEqual(['README.md: CONTRIBUTING.md', 'README.md: CONTRIBUTING.md'])
})

test('publint has nothing to say', async () => {
  const file = await readFile(packed.tarball)
  const tarball = new Uint8Array(file).buffer
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
})

test('are the types wrong: no', () => {
  const cli = join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js')
  const args = [cli, packed.tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(status, stdout + stderr).toBe(0)
  expect(stdout.match(/node16 \(from ESM\): 🟢/g)).toHaveLength(
    Object.keys(manifest.exports).length,
  )
})

test('no file of the package knows where it was built', async () => {
  for (const path of packed.files) {
    const text = await readFile(join(ROOT, path), 'utf8')
    expect(text.includes(ROOT), path).toBe(false)
  }
})
