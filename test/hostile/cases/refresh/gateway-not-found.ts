import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'
import { renewAgain } from '../../renew-again.ts'

export default defineCase({
  what: 'a gateway has no provider behind it while that is being deployed, for as long as it takes',
  act: 'renew',
  tokenReply: answer('{"timestamp":"now","status":404,"error":"Not Found","path":"/token"}', {
    status: 404,
  }),
  expect: {
    end: 'KEEP',
    code: 'provider_unavailable',
    message: 'The provider refused: Not Found.',
    error: { status: 404, retryable: true },
    check: (_, stage) => renewAgain(stage, 6),
  },
})
