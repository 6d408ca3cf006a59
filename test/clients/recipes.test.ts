import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { APPS } from './bundle.ts'

const PAGE = fileURLToPath(new URL('../../docs/recipes/http-clients.md', import.meta.url))

/** The lines between fences, in the order of the page. */
function blocks(): string[] {
  const markdown = readFileSync(PAGE, 'utf8')
  return [...markdown.matchAll(/^```javascript\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
}

test('the recipes in the documents are the lines that the tests run', () => {
  const files = readdirSync(`${APPS}recipes`).filter((name) => name.endsWith('.js'))
  const tested = files.map((name) => readFileSync(`${APPS}recipes/${name}`, 'utf8'))
  expect(files.length).toBe(16)
  expect(blocks().toSorted()).toEqual(tested.toSorted())
})

test('what the recipes import is installed at an exact version', () => {
  const { dependencies } = JSON.parse(
    readFileSync(new URL('./package.json', import.meta.url), 'utf8'),
  )
  const imported = new Set(
    blocks().flatMap((code) =>
      [...code.matchAll(/from '((?:@[\w-]+\/)?[\w-]+)/g)].map(([, name = '']) => name),
    ),
  )
  imported.delete('tessera-auth')
  for (const name of imported) expect(dependencies[name], name).toMatch(/^\d+\.\d+\.\d+$/)
  expect(imported.size).toBe(13)
})
