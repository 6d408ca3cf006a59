import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'a proxy has changed the token response, and says so by its status',
  tokenReply: answer((honest) => honest, { status: 203 }),
  expect: { end: 'ANON', code: 'provider_unavailable' },
})
