import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { halfHash } from '../../provider/create-issuer.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the provider signs by PS512, as it announces',
  metadata: members({ id_token_signing_alg_values_supported: ['PS512'] }),
  keySet: () => ({ keys: [{ ...KEYS.honest.jwk, alg: 'PS512' }] }),
  claims: (claims, { accessToken }) => ({ ...claims, at_hash: halfHash('sha512', accessToken) }),
  idToken: ({ claims }) => signRaw({ alg: 'PS512', kid: 'honest' }, claims, KEYS.honest.privateKey),
  expect: { end: 'SIGNED-IN' },
})
