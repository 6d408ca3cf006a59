import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the access token would begin another header',
  tokens: (response) => ({ ...response, access_token: `${response.access_token}\r\nx-admin: 1` }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
