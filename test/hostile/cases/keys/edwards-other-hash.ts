import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { halfHash } from '../../provider/create-issuer.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the provider signs by EdDSA, and at_hash is of another access token',
  metadata: members({ id_token_signing_alg_values_supported: ['EdDSA'] }),
  keySet: () => ({ keys: [KEYS.edwards.jwk] }),
  claims: members({ at_hash: halfHash('sha256', 'another') }),
  idToken: ({ claims }) =>
    signRaw({ alg: 'EdDSA', kid: 'edwards' }, claims, KEYS.edwards.privateKey),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: at_hash.' },
})
