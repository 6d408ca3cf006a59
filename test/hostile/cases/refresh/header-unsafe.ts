import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'a renewed access token would begin another header',
  act: 'renew',
  tokens: (response) => ({ ...response, access_token: `${response.access_token}\r\nx-admin: 1` }),
  expect: { end: 'KEEP', code: 'token_response_invalid' },
})
