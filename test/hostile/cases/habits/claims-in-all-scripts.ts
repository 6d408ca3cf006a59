import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

const NAMES = { name: 'Zoë Köller 李明 🎉 \u2028 "quoted" \\', 'https://claims.example/ä': ['é'] }
const claims = members(NAMES)

export default defineCase({
  what: 'names in the ID token are in all scripts, as UTF-8',
  claims,
  // What is checked is checked of the twin as well.
  honest: { claims },
  expect: { end: 'SIGNED-IN', check: ({ user }) => expect(user).toMatchObject(NAMES) },
})
