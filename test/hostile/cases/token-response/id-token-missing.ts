import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token response has no ID token, although openid was asked for',
  tokens: members({ id_token: undefined }),
  expect: {
    end: 'ANON',
    code: 'token_response_invalid',
    message: 'The token response has no usable id_token.',
  },
})
