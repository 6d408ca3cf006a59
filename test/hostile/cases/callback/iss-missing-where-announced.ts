import { defineCase } from '../../define-case.ts'
import { without } from '../../mutations.ts'

export default defineCase({
  what: 'the callback names no issuer, although the provider announces that it does',
  callback: without('iss'),
  expect: { end: 'ANON', code: 'callback_issuer', tokenRequests: 0 },
})
