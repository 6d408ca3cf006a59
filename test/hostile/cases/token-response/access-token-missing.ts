import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token response has no access token',
  tokens: members({ access_token: undefined }),
  expect: {
    end: 'ANON',
    code: 'token_response_invalid',
    message: 'The token response has no usable access_token.',
  },
})
