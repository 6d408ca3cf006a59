import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'one bit of the signature of the ID token is wrong',
  idToken: ({ header, claims }) => {
    const [head, body, signature = ''] = signRaw(header, claims, KEYS.honest.privateKey).split('.')
    const bytes = Buffer.from(signature, 'base64url')
    bytes[100] = (bytes[100] ?? 0) ^ 1
    return `${head}.${body}.${bytes.toString('base64url')}`
  },
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
