import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the description of an error has 8 KB; it is cut',
  callback: set({ error: 'access_denied', error_description: 'x'.repeat(8_000) }),
  expect: {
    end: 'ANON',
    code: 'authorization_error',
    error: { providerErrorDescription: 'x'.repeat(512) },
    tokenRequests: 0,
  },
})
