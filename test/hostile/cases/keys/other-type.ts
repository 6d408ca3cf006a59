import { defineCase } from '../../define-case.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'the key is of another type than the algorithm',
  keySet: () => ({ keys: [{ ...KEYS.elliptic.jwk, kid: 'honest' }] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
