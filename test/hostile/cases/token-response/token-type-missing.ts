import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token response does not say what kind of token it has',
  tokens: members({ token_type: undefined }),
  expect: {
    end: 'ANON',
    code: 'token_response_invalid',
    message: 'The token response has no usable token_type.',
  },
})
