import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint asks for a password by a challenge',
  tokenReply: answer(JSON.stringify({ error: 'invalid_client' }), {
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="x"', 'access-control-expose-headers': '*' },
  }),
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    error: { status: 401, providerError: 'invalid_client' },
  },
})
