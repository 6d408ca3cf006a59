import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token names an algorithm that nobody knows',
  header: members({ alg: 'RS257' }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
