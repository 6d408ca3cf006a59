import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'a proxy, or the provider, refuses a renewal with status 400 alone: once is not for good',
  act: 'renew',
  tokenReply: answer('', { status: 400 }),
  expect: {
    end: 'KEEP',
    code: 'token_request_refused',
    message: 'The provider refused: status 400.',
    error: { status: 400, retryable: true },
  },
})
