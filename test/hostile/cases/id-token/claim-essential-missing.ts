import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'an essential claim is missing that was asked for with a value',
  request: { claims: { id_token: { tenant: { essential: true, value: { id: 7 } } } } },
  honest: { claims: members({ tenant: { id: 7 } }) },
  claims: members({ tenant: undefined }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: tenant.' },
})
