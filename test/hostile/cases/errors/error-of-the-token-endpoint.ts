import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the callback has an error of the token endpoint',
  callback: (url) => {
    for (const n of ['code']) url.searchParams.delete(n)
    return set({ error: 'invalid_grant' })(url)
  },
  expect: {
    end: 'ANON',
    code: 'authorization_error',
    error: { providerError: 'invalid_grant', retryable: false },
    tokenRequests: 0,
  },
})
