import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the provider has a passing trouble',
  callback: set({ error: 'temporarily_unavailable' }),
  expect: {
    end: 'ANON',
    code: 'authorization_error',
    error: { retryable: true },
    tokenRequests: 0,
  },
})
