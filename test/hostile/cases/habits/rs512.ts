import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { halfHash } from '../../provider/create-issuer.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the provider signs by RS512, and at_hash is made by SHA-512 with it',
  metadata: members({ id_token_signing_alg_values_supported: ['none', 'HS256', 'RS512'] }),
  keySet: () => ({ keys: [{ ...KEYS.honest.jwk, alg: 'RS512' }] }),
  claims: (claims, { accessToken }) => ({ ...claims, at_hash: halfHash('sha512', accessToken) }),
  idToken: ({ claims }) => signRaw({ alg: 'RS512', kid: 'honest' }, claims, KEYS.honest.privateKey),
  expect: { end: 'SIGNED-IN' },
})
