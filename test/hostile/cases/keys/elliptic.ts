import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { halfHash } from '../../provider/create-issuer.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the provider signs by ES256, as it announces',
  metadata: members({ id_token_signing_alg_values_supported: ['ES256'] }),
  keySet: () => ({ keys: [KEYS.elliptic.jwk] }),
  claims: (claims, { accessToken }) => ({ ...claims, at_hash: halfHash('sha256', accessToken) }),
  idToken: ({ claims }) =>
    signRaw({ alg: 'ES256', kid: 'elliptic' }, claims, KEYS.elliptic.privateKey),
  expect: { end: 'SIGNED-IN' },
})
