import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the sign-in is of a lower class than was asked for',
  request: { acrValues: ['urn:strong'] },
  honest: { claims: members({ acr: 'urn:strong' }) },
  claims: members({ acr: 'urn:weak' }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: acr.' },
})
