import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the connection to the token endpoint breaks before the answer',
  tokenReply: answer('', { reset: true }),
  expect: {
    end: 'ANON',
    code: 'network',
    message: '{issuer}/token could not be reached.',
    error: { retryable: true },
  },
})
