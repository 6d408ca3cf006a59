import { defineCase } from '../../define-case.ts'
import { answer, drip } from '../../mutations.ts'

export default defineCase({
  what: 'the token response comes byte by byte, past the deadline',
  timeout: 5_000,
  tokenReply: answer((honest) => drip(honest)),
  expect: { end: 'ANON', code: 'timeout' },
})
