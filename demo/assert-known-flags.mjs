/** How many letters may be wrong in a flag that somebody meant. */
const MOST_WRONG = 3

/**
 * Makes sure that each flag of a command line is known, and names the one that was likely meant.
 *
 * @param {readonly string[]} argv
 * @param {readonly string[]} known as they are written, with their dashes
 * @throws {TypeError} for the first that is not
 */
export function assertKnownFlags(argv, known) {
  for (const argument of argv) {
    const [flag = ''] = argument.split('=')
    if (!flag.startsWith('-') || known.includes(flag)) continue
    const nearest = findNearest(flag, known)
    throw new TypeError(`There is no option ${flag}.${nearest ? ` Did you mean ${nearest}?` : ''}`)
  }
}

/**
 * @param {string} flag
 * @param {readonly string[]} known
 * @returns {string | undefined}
 */
function findNearest(flag, known) {
  const [nearest] = known
    .map((name) => ({ name, wrong: countWrong(flag, name) }))
    .filter(({ wrong }) => wrong <= MOST_WRONG)
    .sort((one, other) => one.wrong - other.wrong)
  return nearest?.name
}

/**
 * How many letters have to be added, left out or replaced (Levenshtein).
 *
 * @param {string} from
 * @param {string} to
 */
function countWrong(from, to) {
  let row = [...to, ''].map((_, i) => i)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
