import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token has no exp',
  claims: members({ exp: undefined }),
  expect: {
    end: 'ANON',
    code: 'id_token_invalid',
    message: 'The ID token is refused: JWT "exp" (expiration time) claim missing.',
  },
})
