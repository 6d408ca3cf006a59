import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the access token stands in place of the ID token',
  tokens: (response) => ({ ...response, id_token: response.access_token }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
