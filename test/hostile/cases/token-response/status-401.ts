import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint wants a secret',
  tokenReply: answer('{"error":"invalid_client"}', {
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="x"' },
  }),
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    error: { status: 401, providerError: 'invalid_client' },
  },
})
