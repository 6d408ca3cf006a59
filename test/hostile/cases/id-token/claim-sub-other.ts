import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'another user than the one that was asked for by the claim "sub"',
  request: { claims: { id_token: { sub: { value: 'monika' } } } },
  honest: { claims: members({ sub: 'monika' }) },
  claims: members({ sub: 'somebody-else' }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: sub.' },
})
