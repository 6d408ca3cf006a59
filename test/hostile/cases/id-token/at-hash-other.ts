import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { halfHash } from '../../provider/create-issuer.ts'

export default defineCase({
  what: 'the ID token belongs to another access token',
  claims: members({ at_hash: halfHash('sha256', 'another') }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: at_hash.' },
})
