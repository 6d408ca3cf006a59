import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'an essential claim has another value than the one that was asked for',
  request: { claims: { id_token: { acr: { essential: true, values: ['urn:mfa', 'urn:key'] } } } },
  honest: { claims: members({ acr: 'urn:key' }) },
  claims: members({ acr: 'urn:password' }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: acr.' },
})
