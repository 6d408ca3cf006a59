import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the description of the error is cut in the middle of a surrogate pair',
  tokenReply: answer(
    `{"error":"invalid_grant","error_description":"${'x'.repeat(511)}\\ud83d\\ude00"}`,
    { status: 400 },
  ),
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    error: { providerErrorDescription: 'x'.repeat(511) },
  },
})
