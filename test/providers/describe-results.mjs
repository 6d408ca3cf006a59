// @ts-check

/**
 * @typedef {object} Report The part of vitest's JSON that is read here.
 * @property {{ assertionResults: { ancestorTitles: string[]; title: string; status: string }[] }[]} testResults
 */

/** @typedef {{ provider: string; installation: string; habits: Record<string, string> }} Noted */

const HEAD = `# Providers it was tried with

\`npm run test:providers\` writes this page: it runs the built package in Chromium against third-party OpenID providers and a resource server from Debian's packages, through their own sign-in pages. It installs the packages if it may; otherwise it names them. \`npm test\` does not need them.
`

const HABITS = `## What they were seen to do

OpenID providers may differ in all of this, and an app does not need to know. The differences that matter have their own tests in \`test/hostile/cases/habits\`, which run with \`npm test\`.
`

const NOTES = `## What to know

- **Glewlwyd** refuses a silent sign-in without the ID token of the session: \`silentFrame({ idTokenHint: true })\`. Revocation needs a secret, so a sign-out ends the session there only through its sign-out page.
- **LemonLDAP::NG** shows its sign-in page for \`prompt=none\` if nobody is signed in, and does not allow that page in a frame: a silent renewal ends at its deadline, and the session stays.
- **django-oauth-toolkit** serves its metadata at an address with a slash at the end, and redirects to it. Redirects are not followed: pass that address as \`metadata\`. Version 1.7 has no sign-out for apps.
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
