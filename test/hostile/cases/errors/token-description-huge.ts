import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the description of an error of the token endpoint has 100 KB, with bidi and control characters',
  tokenReply: answer(
    JSON.stringify({
      error: 'invalid_request',
      error_description: `\u202e\u0000${'x'.repeat(100_000)}`,
    }),
    { status: 400 },
  ),
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    error: { providerErrorDescription: 'x'.repeat(512) },
  },
})
