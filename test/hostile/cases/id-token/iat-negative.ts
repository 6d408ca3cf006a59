import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the iat of the ID token is negative',
  claims: members({ iat: -1 }),
  // Absurd as it is, it is a time: how far off it is may be said as well (EITHER).
  expect: { end: 'ANON', code: 'clock_skew' },
})
