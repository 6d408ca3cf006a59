import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'an access token comes with the code',
  callback: set({ access_token: 'injected', token_type: 'Bearer' }),
  expect: {
    end: 'ANON',
    code: 'callback_invalid',
    message: 'The callback has one "access_token" too many.',
    tokenRequests: 0,
  },
})
