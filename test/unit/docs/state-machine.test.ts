import { describe, expect, test } from 'vitest'
import * as machine from '../../../src/session/transition.ts'
import { readPage } from '../../docs/pages.mjs'
import { drawStateMachine, placeStateMachine } from '../../docs/state-machine.mjs'

const PAGE = 'docs/concepts.md'
const SOURCE = readPage('src/session/transition.ts')

test('docs/concepts.md shows the state machine as it is', () => {
  const page = readPage(PAGE)
  const drawn = placeStateMachine(page, drawStateMachine(machine, SOURCE))
  expect(page, 'node test/docs/write-state-machine.mjs draws it anew').toBe(drawn)
})

describe('drawStateMachine()', () => {
  test('draws another table otherwise', () => {
    const { leaving, ...row } = machine.TRANSITIONS['signed-out']
    const other = { ...machine, TRANSITIONS: { ...machine.TRANSITIONS, 'signed-out': row } }
    const drawn = drawStateMachine(machine, SOURCE)
    expect(drawn).toContain('signed_out --> signing_in : leaving\n')
    expect(drawStateMachine(other, SOURCE)).toBe(
      drawn
        .replace('    signed_out --> signing_in : leaving\n', '')
        .replace(/(\| `leaving` \| .* \| · \| )signing-in/, '$1·'),
    )
  })

  test('names what an event makes of the renewal', () => {
    const drawn = drawStateMachine(machine, SOURCE)
    expect(drawn).toContain('signed_in --> signed_in : delayed (renewal retrying)\n')
    expect(drawn).toContain('signed_in --> signed_in : returned\n')
  })

  test('does not pass over a new event or a new state', () => {
    const source = `export type SessionEvent = { type: 'present' } | { type: 'odd' }`
    expect(() => drawStateMachine(machine, source)).toThrow('new event "odd"')
    const TRANSITIONS = { ...machine.TRANSITIONS, odd: { leaving: 1 } }
    expect(() => drawStateMachine({ ...machine, TRANSITIONS }, SOURCE)).toThrow('new state "odd"')
  })
})
