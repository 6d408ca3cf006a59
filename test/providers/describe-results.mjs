// @ts-check

/**
 * @typedef {object} Report The part of vitest's JSON that is read here.
 * @property {{ assertionResults: { ancestorTitles: string[]; title: string; status: string }[] }[]} testResults
 */

/** @typedef {{ provider: string; installation: string; habits: Record<string, string> }} Noted */

const HEAD = `# Providers it was tried with

\`npm run test:providers\` writes this page: it runs the built package in Chromium against OpenID providers and a resource server that nobody here wrote, from Debian's packages, and through their own sign-in pages. It installs the packages where it may, and says which ones otherwise. \`npm test\` does not need them.
`

const HABITS = `## What they were seen to do

An OpenID provider may differ in all of this, and an app need not know. What matters of it is held by tests of its own in \`test/hostile/cases/habits\`, which run with \`npm test\`.
`

const NOTES = `## What to know

- **Glewlwyd** refuses a silent sign-in without the ID token of the session: \`silentFrame({ idTokenHint: true })\`. Revocation wants a secret, so a sign-out ends the session there by its sign-out page alone.
- **LemonLDAP::NG** shows its sign-in page to \`prompt=none\` where nobody is signed in, and does not let it be framed: a silent renewal ends by its deadline, and the session stays.
- **django-oauth-toolkit** serves its metadata at an address with a slash at its end, and redirects to it. Redirects are not followed: give that address as \`metadata\`. Version 1.7 has no sign-out for apps.
`

/**
 * The page that tells what came of the journeys.
 *
 * @param {Report} report
 * @param {readonly Noted[]} noted
 * @param {readonly string[]} versions
 */
export function describeResults(report, noted, versions) {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const columns = [...new Set(tests.map(({ ancestorTitles }) => ancestorTitles.join(' ')))].sort()
  const rows = [...new Set(tests.map(({ title }) => title))]
  const marks = rows.map((row) => [
    row,
    ...columns.map((column) => {
      const test = tests.find(
        ({ ancestorTitles, title }) => title === row && ancestorTitles.join(' ') === column,
      )
      if (!test) return '–'
      return test.status === 'passed' ? 'yes' : '**no**'
    }),
  ])
  /** @type {Map<string, Record<string, string>>} */
  const habits = new Map()
  for (const { provider, installation, habits: seen } of noted) {
    const name = `${provider}, ${installation}`
    habits.set(name, { ...habits.get(name), ...seen })
  }
  const names = [...new Set([...habits.values()].flatMap((seen) => Object.keys(seen)))]
  const seen = [...habits]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, each]) => [name, ...names.map((habit) => each[habit] ?? '–')])
  return [
    HEAD,
    `Versions: ${versions.join(', ')}.\n`,
    '## What works\n',
    'A dash: this installation does not offer it.\n',
    table(['', ...columns], marks),
    HABITS,
    table(['', ...names], seen),
    NOTES,
  ].join('\n')
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}
