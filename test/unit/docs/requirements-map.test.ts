import { describe, expect, test } from 'vitest'
import { readPage } from '../../docs/pages.mjs'
import {
  checkRequirementsMap,
  findMentions,
  GROUPS,
  readRequirementsMap,
  readTestFile,
} from '../../docs/requirements-map.mjs'

test('the map in docs/security.md has no hole and names tests that exist', () => {
  expect(checkRequirementsMap(readPage('docs/security.md'), readTestFile)).toEqual([])
})

const TESTS: Record<string, string> = {
  'unit/a.test.ts': `
    // A test of the name 'talked about' is not here.
    describe('parse()', () => { test('reads | and \`', () => {}) })
    test.for([['a row', 1]])('%s', () => {})
    test(\`refuses \${name}\`, () => {})`,
  'hostile/cases/id-token/nonce-other.ts': `export default defineCase({ what: 'a nonce' })`,
}
const readTest = (file: string) => TESTS[file]

/** A map that is complete, with some rows replaced. */
function map(rows: Record<number, string | null> = {}): string {
  const numbers = Object.values(GROUPS).flatMap(([first = 0, last = 0]) =>
    Array.from({ length: last - first + 1 }, (_, at) => first + at),
  )
  const lines = numbers.map((number) => {
    const cell = number in rows ? rows[number] : '`unit/a.test.ts › a row`'
    return cell === null ? '' : `| R${number} | Words, \`code\`. | ${cell} |`
  })
  return `# Page\n\n## Which test holds which requirement\n\n${lines.join('\n')}\n\n## More\n`
}

describe('checkRequirementsMap()', () => {
  test('accepts a map that is complete', () => {
    expect(checkRequirementsMap(map(), readTest)).toEqual([])
  })

  test.for([
    '`unit/a.test.ts › parse() › a row`',
    '`unit/a.test.ts › a row`<br>`unit/a.test.ts › parse()`',
    '`` unit/a.test.ts › reads \\| and ` ``',
    `\`unit/a.test.ts › refuses \${name}\``,
    '`hostile › id-token/nonce-other`',
    'not yet held by a test: `src/a.ts` does it',
    'not yet: issue 6, DPoP',
    'not ours: no server here',
    '`unit/a.test.ts › a row`<br>partly, the rest is not yet: issue 4',
    '`unit/a.test.ts › a row`<br>in every case, the provider looks',
  ])('accepts %s', (cell) => {
    expect(checkRequirementsMap(map({ 20: cell }), readTest)).toEqual([])
  })

  test.for<[string, string | null, string]>([
    ['a row that is missing', null, 'R20 of group B is missing'],
    ['an empty row', '', 'R20 names no test and no reason'],
    ['a file that is gone', '`unit/b.test.ts › a row`', 'R20: there is no file unit/b.test.ts'],
    ['a test that is gone', '`unit/a.test.ts › gone`', 'R20: unit/a.test.ts has no "gone"'],
    [
      'a test that is spoken of only',
      '`unit/a.test.ts › talked about`',
      'R20: unit/a.test.ts has no "talked about"',
    ],
    [
      'a hostile case that is gone',
      '`hostile › id-token/nonce-other, id-token/gone`',
      'R20: there is no file hostile/cases/id-token/gone.ts',
    ],
    [
      'half of nothing',
      'partly, the rest is easy',
      'R20 says neither a test nor a reason: partly, the rest is easy',
    ],
    ['an empty phrase', 'fine', 'R20 says neither a test nor a reason: fine'],
  ])('finds %s', ([, cell, complaint]) => {
    expect(checkRequirementsMap(map({ 20: cell }), readTest)).toEqual([complaint])
  })

  test('finds a row that is there twice', () => {
    const page = map().replace('\n\n## More', '\n| R20 | Words. | not yet: issue 4 |\n\n## More')
    expect(checkRequirementsMap(page, readTest)).toEqual(['R20 is there twice'])
  })

  test('finds that there is no map', () => {
    expect(() => readRequirementsMap('# Page')).toThrow('has no "## Which test')
  })
})

describe('findMentions()', () => {
  test('finds numbers in titles and in the comment above', () => {
    const source = `
      // R20, and R21 of course.
      describe('state', () => {
        test('R22: once', () => {})
        test('nothing', () => { const R23 = 1 })
      })`
    expect(findMentions(source)).toEqual([
      { title: 'state', requirements: [20, 21] },
      { title: 'state › R22: once', requirements: [22] },
    ])
  })
})
