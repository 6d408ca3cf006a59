import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint refuses without a word',
  tokenReply: answer('', { status: 400 }),
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    message: 'The provider refused: status 400.',
    error: { status: 400, retryable: true },
  },
})
