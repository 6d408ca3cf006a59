import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the tokens come with status 201, which no token endpoint sends',
  tokenReply: answer((honest) => honest, { status: 201 }),
  expect: { end: 'ANON', code: 'provider_unavailable', error: { status: 201 } },
})
