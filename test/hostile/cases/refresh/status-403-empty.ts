import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'a proxy, or the provider, refuses a renewal with status 403 alone: once is not for good',
  act: 'renew',
  tokenReply: answer('', { status: 403 }),
  expect: {
    end: 'KEEP',
    code: 'token_request_refused',
    message: 'The provider refused: status 403.',
    error: { status: 403, retryable: true },
  },
})
