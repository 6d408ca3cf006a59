import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token response is a list',
  tokens: (response) => [response],
  expect: {
    end: 'ANON',
    code: 'token_response_invalid',
    message: 'The token response has no usable access_token.',
  },
})
