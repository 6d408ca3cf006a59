import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'a response in a JWT (JARM) comes beside the plain one',
  callback: set({ response: 'e30.e30.AAAA' }),
  expect: { end: 'ANON', code: 'callback_invalid', tokenRequests: 0 },
})
