import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token response is a number',
  tokens: () => 200,
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
