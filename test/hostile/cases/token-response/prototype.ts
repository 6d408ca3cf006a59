import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response has its members on a prototype',
  tokenReply: answer((honest) => `{"__proto__":${honest}}`),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
