import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the callback has an error of another issuer',
  callback: set({ error: 'access_denied', iss: 'https://login.example' }),
  expect: { end: 'ANON', code: 'callback_issuer', tokenRequests: 0 },
})
