import { defineCase } from '../../define-case.ts'
import { HTML, set } from '../../mutations.ts'

export default defineCase({
  what: 'the description of an error is a page; it stays text',
  callback: set({ error: 'access_denied', error_description: HTML }),
  expect: {
    end: 'ANON',
    code: 'authorization_error',
    error: { providerErrorDescription: HTML },
    tokenRequests: 0,
  },
})
