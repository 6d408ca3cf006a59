// @ts-check
import ts from 'typescript'

/**
 * `TRANSITIONS` and `transition` of `src/session/transition.ts`, as far as this needs their types.
 *
 * @typedef {object} Machine
 * @property {Readonly<Record<string, Readonly<Record<string, unknown>>>>} TRANSITIONS
 * @property {(state: any, event: any) => any} transition
 */

const SESSION = {
  user: null,
  scope: [],
  authorizationDetails: [],
  expiresAt: null,
  error: null,
  warning: null,
}
const ABSENCE = { reason: 'no-session', error: null, warning: null }

/** A state of each status; of `signed-in` two, to see whether an event changes `renewal`. */
const STATES = {
  starting: [{ status: 'starting' }],
  'signed-out': [{ status: 'signed-out', ...ABSENCE }],
  'signing-in': [{ status: 'signing-in' }],
  'signed-in': [
    { status: 'signed-in', renewal: 'idle', ...SESSION },
    { status: 'signed-in', renewal: 'expired', ...SESSION },
  ],
}

/** Events that lead to more than one state have more than one entry. */
const VARIANTS = [
  { label: 'present', event: { type: 'present', ...SESSION } },
  { label: 'absent', event: { type: 'absent', ...ABSENCE } },
  { label: 'leaving', event: { type: 'leaving' } },
  { label: 'returned', event: { type: 'returned', error: {}, warning: null } },
  { label: 'renewing', event: { type: 'renewing' } },
  { label: 'delayed', event: { type: 'delayed', error: {} } },
  { label: 'lapsing', event: { type: 'lapsing', expired: false } },
  { label: 'lapsing, too late', event: { type: 'lapsing', expired: true } },
  { label: 'warned', event: { type: 'warned', warning: null } },
  { label: 'suspended', event: { type: 'suspended' } },
]

const BEGIN = '<!-- state machine: written by `node test/docs/write-state-machine.mjs` -->'
const END = '<!-- end of the state machine -->'

/** @param {string} name */
const idOf = (name) => name.replaceAll('-', '_')

/**
 * Where an event leads, in words; `undefined` where the table has no such pair.
 *
 * @param {Machine} machine
 * @param {string} from
 * @param {{ type: string }} event
 */
function outcomeOf({ TRANSITIONS, transition }, from, event) {
  const samples = STATES[/** @type {keyof typeof STATES} */ (from)]
  if (!samples) throw new TypeError(`There is a new state "${from}": add it to STATES.`)
  if (!TRANSITIONS[from]?.[event.type]) return undefined
  const results = samples.map((sample) => transition(sample, event))
  const { status, renewal } = results[0]
  const set = status === 'signed-in' && results.every((result) => result.renewal === renewal)
  return { status, renewal: set ? renewal : undefined }
}

/**
 * The comment above each member of the union `SessionEvent`, by its type.
 *
 * @param {string} source the text of `src/session/transition.ts`
 * @returns {Map<string, string>}
 */
function readEvents(source) {
  const file = ts.createSourceFile('transition.ts', source, ts.ScriptTarget.ES2022, true)
  const alias = file.statements.find(
    (statement) => ts.isTypeAliasDeclaration(statement) && statement.name.text === 'SessionEvent',
  )
  if (!alias || !ts.isTypeAliasDeclaration(alias) || !ts.isUnionTypeNode(alias.type)) {
    throw new TypeError('There is no union SessionEvent.')
  }
  return new Map(
    alias.type.types.map((member, at, members) => {
      const type = /type: '([^']+)'/.exec(member.getText(file))?.[1] ?? ''
      // The comment stands before the bar, which belongs to no member.
      const above = source.slice(members[at - 1]?.end ?? alias.pos, member.getStart(file))
      const [comment = ''] = above.split('/**').at(-1)?.split('*/') ?? []
      return [type, comment.trim()]
    }),
  )
}

/**
 * Draws the state machine: a diagram, and below it the same as a table.
 *
 * @param {Machine} machine
 * @param {string} source the text of `src/session/transition.ts`
 * @returns {string}
 */
export function drawStateMachine(machine, source) {
  const events = readEvents(source)
  const states = Object.keys(machine.TRANSITIONS)
  for (const type of events.keys()) {
    if (VARIANTS.some(({ event }) => event.type === type)) continue
    throw new TypeError(`There is a new event "${type}": add it to VARIANTS.`)
  }
  const edges = states.flatMap((from) =>
    VARIANTS.flatMap(({ label, event }) => {
      const to = outcomeOf(machine, from, event)
      if (!to) return []
      const effect = from === to.status && to.renewal ? ` (renewal ${to.renewal})` : ''
      return [`    ${idOf(from)} --> ${idOf(to.status)} : ${label}${effect}`]
    }),
  )
  const rows = VARIANTS.map(({ label, event }) => {
    const cells = states.map((from) => {
      const to = outcomeOf(machine, from, event)
      if (!to) return '·'
      return to.renewal ? `${to.status}, ${to.renewal}` : to.status
    })
    return `| \`${label}\` | ${events.get(event.type)} | ${cells.join(' | ')} |`
  })
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...states.map((name) => `    state "${name}" as ${idOf(name)}`),
    '    [*] --> starting',
    ...edges,
    '```',
    '',
    `| Event | What happened | ${states.map((name) => `in \`${name}\``).join(' | ')} |`,
    `|---|---|${states.map(() => '---').join('|')}|`,
    ...rows,
  ].join('\n')
}

/**
 * The page with the drawing in its place.
 *
 * @param {string} page
 * @param {string} drawing
 * @returns {string}
 * @throws {TypeError} when the page has no place for it
 */
export function placeStateMachine(page, drawing) {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new TypeError(`The page has no "${BEGIN}" … "${END}".`)
  return `${before}${BEGIN}\n\n${drawing}\n\n${END}${after}`
}
