import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the provider ends the session',
  act: 'renew',
  tokenReply: answer('{"error":"invalid_grant","error_description":"The session is over."}', {
    status: 400,
  }),
  expect: {
    end: 'ENDED',
    code: 'session_expired',
    error: { providerError: 'invalid_grant', providerErrorDescription: 'The session is over.' },
  },
})
