import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response says that it is a part of one',
  tokenReply: answer((honest) => honest, { status: 206 }),
  expect: { end: 'ANON', code: 'provider_unavailable' },
})
