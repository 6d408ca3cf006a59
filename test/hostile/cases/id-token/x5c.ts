import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token brings a certificate along (x5c), and is signed by an attacker',
  idToken: ({ header, claims }) => {
    const key = KEYS.attacker.publicKey.export({ type: 'spki', format: 'der' })
    return signRaw({ ...header, x5c: [key.toString('base64')] }, claims, KEYS.attacker.privateKey)
  },
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
