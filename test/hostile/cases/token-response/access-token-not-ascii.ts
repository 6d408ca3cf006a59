import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the access token is not ASCII',
  tokens: (response) => ({ ...response, access_token: `${response.access_token}ü` }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
