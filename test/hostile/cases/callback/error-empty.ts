import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the error of the callback is empty, with a code beside it',
  callback: set({ error: '' }),
  expect: { end: 'ANON', code: 'authorization_error', tokenRequests: 0 },
})
