import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token says that it is not signed, although it is',
  header: members({ alg: 'none' }),
  expect: {
    end: 'ANON',
    code: 'id_token_invalid',
    message: 'The ID token is refused: unexpected JWT "alg" header parameter.',
  },
})
