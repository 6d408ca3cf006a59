import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token names its algorithm in a list',
  header: members({ alg: ['RS256'] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
