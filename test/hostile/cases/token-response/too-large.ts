import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token response has more than a megabyte',
  tokens: members({ more: 'x'.repeat(2 ** 20) }),
  expect: {
    end: 'ANON',
    code: 'token_response_invalid',
    message: '{issuer}/token answered with too large a body.',
  },
})
