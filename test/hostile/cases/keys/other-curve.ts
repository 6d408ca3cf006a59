import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the key is on another curve than the algorithm',
  metadata: members({ id_token_signing_alg_values_supported: ['ES384'] }),
  keySet: () => ({ keys: [{ ...KEYS.elliptic.jwk, alg: 'ES384' }] }),
  idToken: ({ claims }) =>
    signRaw({ alg: 'ES384', kid: 'elliptic' }, claims, KEYS.elliptic.privateKey),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
