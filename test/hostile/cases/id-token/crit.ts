import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token has an extension that has to be understood',
  header: members({ crit: ['exp'], exp: 1 }),
  expect: {
    end: 'ANON',
    code: 'id_token_invalid',
    message: 'The ID token is refused: no JWT "crit" header parameter extensions are supported.',
  },
})
