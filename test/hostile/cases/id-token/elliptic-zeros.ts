import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the signature of the ID token by ES256 is nothing but zeros',
  metadata: members({ id_token_signing_alg_values_supported: ['ES256'] }),
  keySet: () => ({ keys: [KEYS.elliptic.jwk] }),
  idToken: ({ claims }) => {
    const unsigned = signRaw({ alg: 'ES256', kid: 'elliptic' }, claims, null)
    return `${unsigned}${Buffer.alloc(64).toString('base64url')}`
  },
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
