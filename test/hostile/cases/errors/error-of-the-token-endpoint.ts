import { defineCase } from '../../define-case.ts'
import { set, without } from '../../mutations.ts'

export default defineCase({
  what: 'the callback has an error of the token endpoint',
  callback: (url) => set({ error: 'invalid_grant' })(without('code')(url)),
  expect: {
    end: 'ANON',
    code: 'authorization_error',
    error: { providerError: 'invalid_grant', retryable: false },
    tokenRequests: 0,
  },
})
