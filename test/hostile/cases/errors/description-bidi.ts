import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the description of an error turns the direction of writing',
  callback: set({ error: 'access_denied', error_description: 'a\u202eb\u2066c\u200fd\ufeffe' }),
  expect: {
    end: 'ANON',
    code: 'authorization_error',
    error: { providerErrorDescription: 'abcde' },
    tokenRequests: 0,
  },
})
