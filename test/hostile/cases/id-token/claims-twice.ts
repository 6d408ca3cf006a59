import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'a claim stands twice in the ID token; the last one counts, as JSON.parse has it (EITHER)',
  idToken: ({ header, claims }) =>
    signRaw(header, JSON.stringify(claims).replace('{', '{"sub":"first",'), KEYS.honest.privateKey),
  expect: { end: 'SIGNED-IN', check: ({ user }) => expect(user?.sub).toMatch(/^user-|^$/) },
})
