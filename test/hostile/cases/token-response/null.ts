import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token response is null',
  tokens: () => null,
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
