import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'an ID token comes although no openid was asked for: a forged one is refused all the same',
  options: () => ({ scope: ['orders.read'] }),
  tokens: members({ id_token: 'e30.e30.AAAA' }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
