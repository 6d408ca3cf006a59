import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the claims of the ID token have the names of what every object has',
  idToken: ({ header, claims }) =>
    signRaw(
      header,
      JSON.stringify(claims).replace(
        '{',
        '{"toJSON":1,"constructor":{"prototype":{"polluted":1}},"hasOwnProperty":1,"then":1,"__proto__":{"polluted":1},',
      ),
      KEYS.honest.privateKey,
    ),
  expect: { end: 'SIGNED-IN' },
})
