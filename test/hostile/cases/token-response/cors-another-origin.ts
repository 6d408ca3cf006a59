import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response is for another origin',
  tokenReply: answer((honest) => honest, {
    headers: { 'access-control-allow-origin': 'https://evil.example' },
  }),
  expect: { end: 'ANON', code: 'network' },
})
