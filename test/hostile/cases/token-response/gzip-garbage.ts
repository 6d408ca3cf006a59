import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response is said to be compressed and is not',
  tokenReply: answer((honest) => honest, { headers: { 'content-encoding': 'gzip' } }),
  expect: { end: 'ANON', code: 'network' },
})
