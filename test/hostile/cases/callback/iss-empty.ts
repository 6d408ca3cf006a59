import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the callback names an empty issuer',
  callback: set({ iss: '' }),
  expect: { end: 'ANON', code: 'callback_issuer', tokenRequests: 0 },
})
