import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response is a form, as some providers once had it',
  tokenReply: answer('access_token=injected&token_type=bearer', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
