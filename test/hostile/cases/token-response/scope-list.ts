import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the scope is a list',
  tokens: members({ scope: ['openid'] }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
