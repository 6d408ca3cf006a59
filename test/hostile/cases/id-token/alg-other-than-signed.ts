import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token says RS256 and is signed by RS512',
  idToken: ({ header, claims }) => signRaw(header, claims, KEYS.honest.privateKey, 'RS512'),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
