import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { halfHash } from '../../provider/create-issuer.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the provider signs by EdDSA and makes at_hash by SHA-256, as Glewlwyd does',
  metadata: members({ id_token_signing_alg_values_supported: ['EdDSA'] }),
  keySet: () => ({ keys: [KEYS.edwards.jwk] }),
  claims: (claims, { accessToken }) => ({ ...claims, at_hash: halfHash('sha256', accessToken) }),
  idToken: ({ claims }) =>
    signRaw({ alg: 'EdDSA', kid: 'edwards' }, claims, KEYS.edwards.privateKey),
  expect: { end: 'SIGNED-IN' },
})
