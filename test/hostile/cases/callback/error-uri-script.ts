import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the error comes with a javascript: address for more',
  callback: set({ error: 'access_denied', error_uri: 'javascript:alert(1)' }),
  expect: {
    end: 'ANON',
    code: 'authorization_error',
    tokenRequests: 0,
    check: (end) => expect(JSON.stringify(end)).not.toContain('javascript:'),
  },
})
