import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'an ID token comes with the code',
  callback: set({ id_token: 'e30.e30.AAAA' }),
  expect: { end: 'ANON', code: 'callback_invalid', tokenRequests: 0 },
})
