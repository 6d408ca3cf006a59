import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token is for a client whose name ours begins',
  claims: members({ aud: 'app-of-somebody-else' }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
