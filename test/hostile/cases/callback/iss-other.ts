import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the callback names another issuer',
  callback: set({ iss: 'https://login.example' }),
  expect: {
    end: 'ANON',
    code: 'callback_issuer',
    message: 'The callback is not from the provider that was asked.',
    tokenRequests: 0,
  },
})
