import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the subject of a renewed ID token is nested',
  act: 'renew',
  claims: members({ sub: [[['x']]] }),
  expect: { end: 'ENDED', code: 'session_expired' },
})
