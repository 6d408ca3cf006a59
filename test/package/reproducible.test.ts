import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from './pack.ts'

const SCRIPT = 'tessera-auth.min.js'

let copy: string

/** Hashes by path: a difference shows which file it is in, and not a page of minified code. */
function hashesIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), sha384(readFileSync(path))] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )
}

function sha384(content: Buffer): string {
  return `sha384-${createHash('sha384').update(content).digest('base64')}`
}

/** A copy of the project at another path, with the same tools. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'tessera-again-'))
  for (const path of ['src', 'package.json', 'tsconfig.json', 'rollup.config.mjs']) {
    cpSync(join(ROOT, path), join(copy, path), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction')
})

afterAll(async () => {
  await rm(copy, { recursive: true, force: true })
})

test('a build somewhere else gives the same bytes', () => {
  const rollup = join(ROOT, 'node_modules/rollup/dist/bin/rollup')
  const { status, stderr } = spawnSync(process.execPath, [rollup, '-c', '--silent'], {
    cwd: copy,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(hashesIn(join(copy, 'dist'))).toEqual(hashesIn(join(ROOT, 'dist')))
})

test('the hash of the script is the one beside it and the one in docs/script-tag.md', () => {
  const hash = sha384(readFileSync(join(ROOT, 'dist', SCRIPT)))
  expect(readFileSync(join(ROOT, 'dist', `${SCRIPT}.sri`), 'utf8')).toBe(`${hash}\n`)
  const page = readFileSync(join(ROOT, 'docs/script-tag.md'), 'utf8')
  const written = page.match(/sha384-[A-Za-z0-9+/=]+/g) ?? []
  expect([...new Set(written)], '`npm run integrity` writes it there').toEqual([hash])
})
