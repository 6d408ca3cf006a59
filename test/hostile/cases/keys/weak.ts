import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the key has 1024 bits',
  keySet: () => ({ keys: [KEYS.weak.jwk] }),
  idToken: ({ claims }) => signRaw({ alg: 'RS256', kid: 'weak' }, claims, KEYS.weak.privateKey),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
