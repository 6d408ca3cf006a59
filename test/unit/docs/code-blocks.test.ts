import { existsSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { compileCodeBlocks, findCodeBlocks } from '../../docs/code-blocks.mjs'
import { listPages, ROOT, readPage } from '../../docs/pages.mjs'

// The compiler reads its libraries first, which takes seconds on a small machine.
vi.setConfig({ testTimeout: 60_000 })

test('every block of code that needs nothing else compiles against the built package', () => {
  expect(existsSync(`${ROOT}dist/index.d.ts`), 'dist is built: npm run build').toBe(true)
  // The others need packages of their own: the stage `docs` compiles them.
  const pages = listPages().filter((page) => !/^docs\/(api|migration|recipes)\//.test(page))
  const blocks = pages.flatMap((page) => findCodeBlocks(page, readPage(page)))
  expect(blocks.length).toBeGreaterThan(10)
  expect(compileCodeBlocks(blocks)).toEqual([])
})

const fence = (code: string, language = 'ts') => `\`\`\`${language}\n${code}\n\`\`\`\n`
const compile = (markdown: string) => compileCodeBlocks(findCodeBlocks('page.md', markdown))

describe('compileCodeBlocks()', () => {
  test('finds a mistake, and says where it is', () => {
    const code = `import { createAuth } from 'tessera-auth'\n\ncreateAuth({ redirectUri: '/' })`
    const [complaint, ...others] = compile(`# Page\n\n${fence('const one = 1')}\n${fence(code)}`)
    expect(complaint).toMatch(/^page\.md:10: .*clientId/)
    expect(others).toEqual([])
  })

  test('finds a mistake in JavaScript', () => {
    const code = `import { createAuth } from 'tessera-auth'\ncreateAuth({})`
    expect(compile(fence(code, 'js'))).toHaveLength(1)
  })

  test('gives a block the context above it, and no other block', () => {
    const context = '<!-- context: declare const one: number\ndeclare const two: string -->\n'
    expect(compile(`${context}${fence('one + 1\ntwo.trim()')}${fence('one + 2')}`)).toEqual([
      `page.md:8: Cannot find name 'one'.`,
    ])
    expect(compile(`${context}${fence('one.trim()')}`)).toEqual([
      `page.md:4: Property 'trim' does not exist on type 'number'.`,
    ])
  })

  test('leaves other languages alone', () => {
    expect(findCodeBlocks('page.md', fence('npm test', 'sh') + fence('<p>', 'html'))).toEqual([])
  })
})
