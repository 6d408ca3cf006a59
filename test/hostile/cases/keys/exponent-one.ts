import { defineCase } from '../../define-case.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'the exponent of the key is one: anybody can sign with it',
  keySet: () => ({ keys: [{ ...KEYS.honest.jwk, e: 'AQ' }] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
