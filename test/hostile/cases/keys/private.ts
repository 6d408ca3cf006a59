import { defineCase } from '../../define-case.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'the provider has published its private key (EITHER)',
  keySet: () => ({
    keys: [{ ...KEYS.honest.privateKey.export({ format: 'jwk' }), kid: 'honest', alg: 'RS256' }],
  }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
