import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the segments of the ID token are in base64 and not in base64url',
  idToken: ({ header, claims }) => {
    const spoken = { ...claims, note: '???>>>~~~' }
    const token = signRaw(header, spoken, KEYS.honest.privateKey)
    return token.replace(/-/g, '+').replace(/_/g, '/')
  },
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
