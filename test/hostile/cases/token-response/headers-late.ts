import { defineCase } from '../../define-case.ts'
import { answer, never } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint does not answer',
  timeout: 5_000,
  tokenReply: answer('', { after: never }),
  expect: {
    end: 'ANON',
    code: 'timeout',
    message: '{issuer}/token did not answer in time.',
    error: { retryable: true },
  },
})
