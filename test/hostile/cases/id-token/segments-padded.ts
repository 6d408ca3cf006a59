import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the segments of the ID token are padded',
  idToken: ({ header, claims }) => {
    const [head = '', ...rest] = signRaw(header, claims, KEYS.honest.privateKey).split('.')
    return [`${head}=`, ...rest].join('.')
  },
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
