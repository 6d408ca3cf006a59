import { defineCase } from '../../define-case.ts'
import { KEYS, signEncoded, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the payload of the ID token is not UTF-8',
  idToken: ({ header, claims }) => {
    const [head, body = ''] = signRaw(header, claims, KEYS.honest.privateKey).split('.')
    const text = Buffer.from(body, 'base64url')
      .toString('latin1')
      .replace('{', '{"name":"M\xfcnch",')
    const encoded = Buffer.from(text, 'latin1').toString('base64url')
    return signEncoded(`${head}.${encoded}`, KEYS.honest)
  },
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
