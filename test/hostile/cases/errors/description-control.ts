import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the description of an error has control characters and breaks its line',
  callback: set({
    error: 'access_denied',
    error_description: 'a\u0000b\r\nc\u001b[31md\u0085e\u007f',
  }),
  expect: {
    end: 'ANON',
    code: 'authorization_error',
    error: { providerErrorDescription: 'abc[31mde' },
    tokenRequests: 0,
  },
})
