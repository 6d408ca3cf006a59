import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the key is a point that is not on its curve',
  metadata: members({ id_token_signing_alg_values_supported: ['ES256'] }),
  keySet: () => ({ keys: [{ ...KEYS.elliptic.jwk, y: KEYS.elliptic.jwk.x }] }),
  idToken: ({ claims }) =>
    signRaw({ alg: 'ES256', kid: 'elliptic' }, claims, KEYS.elliptic.privateKey),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
