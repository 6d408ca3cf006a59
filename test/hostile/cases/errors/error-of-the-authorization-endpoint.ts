import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint answers with an error of the authorization endpoint',
  tokenReply: answer(JSON.stringify({ error: 'login_required' }), { status: 400 }),
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    error: { providerError: 'login_required' },
  },
})
