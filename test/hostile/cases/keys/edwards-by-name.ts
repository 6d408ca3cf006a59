import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { halfHash } from '../../provider/create-issuer.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the provider names EdDSA by its curve, as RFC 9864 has it',
  metadata: members({ id_token_signing_alg_values_supported: ['Ed25519'] }),
  keySet: () => ({ keys: [{ ...KEYS.edwards.jwk, alg: 'Ed25519' }] }),
  claims: (claims, { accessToken }) => ({ ...claims, at_hash: halfHash('sha512', accessToken) }),
  idToken: ({ claims }) =>
    signRaw({ alg: 'Ed25519', kid: 'edwards' }, claims, KEYS.edwards.privateKey, 'EdDSA'),
  expect: { end: 'SIGNED-IN' },
})
