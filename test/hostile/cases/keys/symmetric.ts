import { defineCase } from '../../define-case.ts'
import { signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the key is a shared secret, there for all to read',
  keySet: () => ({ keys: [{ kty: 'oct', kid: 'honest', alg: 'HS256', k: 'c2VjcmV0' }] }),
  idToken: ({ header, claims }) => signRaw({ ...header, alg: 'HS256' }, claims, 'secret'),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
