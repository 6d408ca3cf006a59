// @ts-check
/**
 * `node test/docs/requirements-map.mjs`: what the map in docs/security.md lacks, and for each
 * requirement without a test the tests that mention its number, ready to be pasted.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { ROOT, readPage } from './pages.mjs'

/** The groups that the map has to hold in full, and the numbers of their requirements. */
export const GROUPS = {
  A: [1, 18],
  B: [19, 35],
  C: [36, 49],
  D: [50, 67],
  E: [68, 81],
  F: [82, 94],
  H: [118, 128],
  I: [129, 137],
  J: [138, 144],
  O: [175, 183],
}

/** Where the hostile cases are, below `test`: one file each. */
const CASES = 'hostile/cases/'
/** The heading in docs/security.md that the map is under. */
const HEADING = '## Which test holds which requirement'
/** How an entry that is no test has to begin, where there is no test. */
const REASON = /^(not yet held by a test|not yet: issue \d+|not ours:)/
/** How it has to begin beside a test. */
const REMARK = /^(partly, |in every case, |not yet: issue \d+)/

/**
 * One line of the map.
 *
 * @typedef {object} Row
 * @property {number} requirement
 * @property {{ file: string, titles: string[] }[]} tests the file of a hostile case without titles
 * @property {string[]} words what is there besides tests
 */

/**
 * Reads the map: table rows of number, requirement, and what holds it, separated by `<br>`. A test is
 * `` `file › title` ``; hostile cases are `` `hostile › folder/case, folder/case` ``.
 *
 * @param {string} page
 * @returns {Row[]}
 */
export function readRequirementsMap(page) {
  const section = page.split(`${HEADING}\n`)[1]?.split(/^## /m)[0]
  if (section === undefined) throw new TypeError(`The page has no "${HEADING}".`)
  return [...section.matchAll(/^\| R(\d+) \|(.*)\|$/gm)].map(([, number, rest = '']) => {
    const cell = rest.split(/(?<!\\)\|/).at(-1) ?? ''
    const entries = cell.split('<br>').map((entry) => entry.replaceAll('\\|', '|').trim())
    const isTest = (/** @type {string} */ entry) => /^`.* › .*`$/.test(entry)
    return {
      requirement: Number(number),
      tests: entries.filter(isTest).flatMap((entry) => {
        const [file = '', ...titles] = entry.replace(/^`+ ?| ?`+$/g, '').split(' › ')
        if (file !== 'hostile') return [{ file, titles }]
        const cases = titles.join(' › ').split(/, */)
        return cases.map((name) => ({ file: `${CASES}${name}.ts`, titles: [] }))
      }),
      words: entries.filter((entry) => entry && !isTest(entry)),
    }
  })
}

/**
 * The strings in a test file, comments left out: whoever names a test has to name one of them.
 *
 * @param {string} source
 * @returns {Set<string>}
 */
export function readTitles(source) {
  /** @type {Set<string>} */
  const titles = new Set()
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isStringLiteralLike(node)) titles.add(node.text)
    else if (ts.isTemplateExpression(node)) titles.add(node.getText().slice(1, -1))
    ts.forEachChild(node, visit)
  }
  visit(parse(source))
  return titles
}

/**
 * Holds the map against the requirements and the tests.
 *
 * @param {string} page the text of docs/security.md
 * @param {(file: string) => string | undefined} readTest the text of a file below `test`
 * @returns {string[]} a sentence per mistake; none if all is well
 */
export function checkRequirementsMap(page, readTest) {
  const rows = readRequirementsMap(page)
  const numbers = rows.map(({ requirement }) => requirement)
  const missing = Object.entries(GROUPS).flatMap(([group, [first = 0, last = 0]]) =>
    Array.from({ length: last - first + 1 }, (_, at) => first + at)
      .filter((number) => !numbers.includes(number))
      .map((number) => `R${number} of group ${group} is missing`),
  )
  const twice = numbers
    .filter((number, at) => numbers.indexOf(number) !== at)
    .map((number) => `R${number} is there twice`)
  /** @type {Map<string, Set<string> | undefined>} */
  const known = new Map()
  const titlesIn = (/** @type {string} */ file) => {
    if (!known.has(file)) {
      const source = readTest(file)
      const isCase = file.startsWith(CASES)
      known.set(file, source === undefined ? undefined : isCase ? new Set() : readTitles(source))
    }
    return known.get(file)
  }
  return [...missing, ...twice, ...rows.flatMap((row) => checkRow(row, titlesIn))]
}

/**
 * @param {Row} row
 * @param {(file: string) => Set<string> | undefined} titlesIn
 * @returns {string[]}
 */
function checkRow({ requirement, tests, words }, titlesIn) {
  const name = `R${requirement}`
  if (tests.length + words.length === 0) return [`${name} names no test and no reason`]
  const idle = words
    .filter((text) => !(tests.length > 0 ? REMARK : REASON).test(text))
    .map((text) => `${name} says neither a test nor a reason: ${text}`)
  const gone = tests.flatMap(({ file, titles }) => {
    const known = titlesIn(file)
    if (!known) return [`${name}: there is no file ${file}`]
    return titles
      .filter((title) => !known.has(title))
      .map((title) => `${name}: ${file} has no "${title}"`)
  })
  return [...idle, ...gone]
}

/** @param {string} file below `test` */
export function readTestFile(file) {
  const path = `${ROOT}test/${file}`
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/**
 * The tests that mention requirements, in their titles or in the comment above.
 *
 * @param {string} source
 * @returns {{ title: string, requirements: number[] }[]}
 */
export function findMentions(source) {
  const file = parse(source)
  /** @type {{ title: string, requirements: number[] }[]} */
  const mentions = []
  const visit = (/** @type {ts.Node} */ node, /** @type {string[]} */ chain) => {
    let titles = chain
    if (ts.isCallExpression(node)) {
      const [first] = node.arguments
      const isTest = /^(test|it|describe)\b/.test(node.expression.getText(file))
      if (isTest && first && ts.isStringLiteralLike(first)) {
        titles = [...chain, first.text]
        const comments = ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []
        const text = [first.text, ...comments.map(({ pos, end }) => source.slice(pos, end))].join()
        const requirements = [...text.matchAll(/\bR(\d{1,3})\b/g)].map(([, number]) =>
          Number(number),
        )
        if (requirements.length > 0) mentions.push({ title: titles.join(' › '), requirements })
      }
    }
    ts.forEachChild(node, (child) => visit(child, titles))
  }
  visit(file, [])
  return mentions
}

/** @param {string} source */
function parse(source) {
  return ts.createSourceFile('test.ts', source, ts.ScriptTarget.ES2022, true)
}

function main() {
  const page = readPage('docs/security.md')
  const rows = readRequirementsMap(page)
  const open = rows.filter(({ tests }) => tests.length === 0)
  const files = readdirSync(`${ROOT}test`, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) =>
      /^(unit|e2e|hostile|fetch|capabilities|package|clients(?=\/[^/]+$))\/.*\.(ts|mjs)$/.test(
        file,
      ),
    )
  const mentions = files.flatMap((file) =>
    findMentions(readTestFile(file) ?? '').map((mention) => ({ file, ...mention })),
  )
  for (const complaint of checkRequirementsMap(page, readTestFile)) console.log(complaint)
  console.log(`${rows.length - open.length} of ${rows.length} requirements have a test.`)
  for (const { requirement, words } of open) {
    console.log(`\nR${requirement}  ${words.join('; ')}`)
    for (const { file, title, requirements } of mentions) {
      if (requirements.includes(requirement)) console.log(`  \`${file} › ${title}\``)
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
