import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { API, writeApi } from './api.mjs'
import { ROOT, readPage } from './pages.mjs'

test('docs/api says what the docstrings say, and they say enough', async () => {
  const { pages, complaints } = await writeApi()
  expect(complaints).toEqual([])
  expect(Object.keys(pages)).toContain('index.md')
  for (const [name, text] of Object.entries(pages)) {
    expect(readPage(API + name), `npm run api writes ${name} anew`).toBe(text)
  }
})

test.for<[string, string, RegExp]>([
  ['says nothing', 'export const one = 1', /one \(Variable\).* does not have any documentation/],
  ['links to what is not there', '/** See {@link two}. */\nexport const one = 1', /two/],
  [
    'speaks of what is not published',
    'interface Hidden { /** A. */ a: 1 }\n/** One. */\nexport const one: Hidden = { a: 1 }',
    /Hidden.* not included/,
  ],
])('a docstring that %s is a complaint', async ([, source, complaint]) => {
  const folder = await mkdtemp(join(ROOT, 'test/docs/api-'))
  const [entry, tsconfig] = [join(folder, 'one.ts'), join(folder, 'tsconfig.json')]
  try {
    await writeFile(entry, source)
    await writeFile(tsconfig, JSON.stringify({ extends: `${ROOT}tsconfig.json`, include: ['.'] }))
    const { complaints } = await writeApi([entry], tsconfig)
    expect(complaints).toEqual([expect.stringMatching(complaint)])
  } finally {
    await rm(folder, { recursive: true })
  }
})
