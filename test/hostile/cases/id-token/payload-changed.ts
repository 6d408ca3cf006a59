import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the payload of the ID token was changed after it was signed',
  idToken: ({ header, claims }) => {
    const [head, , signature] = signRaw(header, claims, KEYS.honest.privateKey).split('.')
    const body = Buffer.from(JSON.stringify({ ...claims, sub: 'admin' })).toString('base64url')
    return `${head}.${body}.${signature}`
  },
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
