import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the provider announces HS256, and signs with the public key as a shared secret',
  metadata: members({ id_token_signing_alg_values_supported: ['HS256', 'RS256'] }),
  idToken: ({ header, claims }) => {
    const pem = KEYS.honest.publicKey.export({ type: 'spki', format: 'pem' })
    return signRaw({ ...header, alg: 'HS256' }, claims, String(pem))
  },
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
