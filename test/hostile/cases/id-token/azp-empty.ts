import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the azp of the ID token is empty',
  claims: members({ azp: '' }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
