import { defineCase } from '../../define-case.ts'
import { nested } from '../../mutations.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'a claim is nested fifty thousand times',
  idToken: ({ header, claims }) => {
    const payload = JSON.stringify(claims).replace('{', `{"more":${nested(50_000)},`)
    return signRaw(header, payload, KEYS.honest.privateKey)
  },
  expect: {
    end: 'ANON',
    code: 'token_response_invalid',
    message: 'The token response is nested too deeply.',
  },
})
