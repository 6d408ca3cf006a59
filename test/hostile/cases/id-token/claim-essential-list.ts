import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'none of a list is what was asked for',
  request: { claims: { id_token: { amr: { essential: true, value: 'mfa' } } } },
  honest: { claims: members({ amr: ['pwd', 'mfa'] }) },
  claims: members({ amr: ['pwd', ['mfa'], 'mfa2'] }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: amr.' },
})
