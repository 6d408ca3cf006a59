import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the access token is a list of one',
  tokens: (response) => ({ ...response, access_token: [response.access_token] }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
