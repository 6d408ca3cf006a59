import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'there is a space in the access token',
  tokens: (response) => ({ ...response, access_token: `${response.access_token} more` }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
