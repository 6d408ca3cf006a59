import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint refuses the code',
  tokenReply: answer('{"error":"invalid_grant","error_description":"The code is too old."}', {
    status: 400,
  }),
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    error: {
      status: 400,
      providerError: 'invalid_grant',
      providerErrorDescription: 'The code is too old.',
    },
  },
})
