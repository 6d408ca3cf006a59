import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the signature of the ID token by ES256 is in DER',
  metadata: members({ id_token_signing_alg_values_supported: ['ES256'] }),
  keySet: () => ({ keys: [KEYS.elliptic.jwk] }),
  // Only what is named an ES algorithm is signed in the form of JOSE.
  idToken: ({ claims }) =>
    signRaw({ alg: 'ES256', kid: 'elliptic' }, claims, KEYS.elliptic.privateKey, 'DER-256'),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
