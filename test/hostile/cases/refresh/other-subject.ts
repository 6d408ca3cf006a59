import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewed ID token speaks of another user',
  act: 'renew',
  claims: members({ sub: 'somebody-else' }),
  expect: { end: 'ENDED', code: 'session_expired' },
})
