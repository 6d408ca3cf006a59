import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the callback has an error and a code',
  callback: set({ error: 'access_denied' }),
  expect: {
    end: 'ANON',
    code: 'authorization_error',
    message: 'The provider refused the sign-in: access_denied.',
    error: { providerError: 'access_denied', retryable: false },
    tokenRequests: 0,
  },
})
