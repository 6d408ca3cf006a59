import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token does not say when the user signed in, although max_age was asked for',
  request: { maxAge: 300 },
  claims: members({ auth_time: undefined }),
  expect: {
    end: 'ANON',
    code: 'id_token_invalid',
    message: 'The ID token is refused: auth_time is missing.',
  },
})
