import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the error itself has 8 KB; it is cut',
  callback: set({ error: 'x'.repeat(8_000) }),
  expect: {
    end: 'ANON',
    code: 'authorization_error',
    error: { providerError: 'x'.repeat(512) },
    tokenRequests: 0,
  },
})
