import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response is shorter than it says',
  tokenReply: answer((honest) => honest, { headers: { 'content-length': '100000' } }),
  expect: { end: 'ANON', code: 'network' },
})
