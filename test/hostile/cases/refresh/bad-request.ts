import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'
import { renewAgain } from '../../renew-again.ts'

export default defineCase({
  what: 'a gateway refuses a renewal with an error of its own, which says nothing of the grant',
  act: 'renew',
  tokenReply: answer('{"error":"bad_request"}', { status: 400 }),
  expect: {
    end: 'KEEP',
    code: 'token_request_refused',
    message: 'The provider refused: bad_request.',
    error: { status: 400, providerError: 'bad_request', retryable: true },
    check: (_, stage) => renewAgain(stage, 2),
  },
})
