import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token response is a text',
  tokens: () => 'access_token=x',
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
