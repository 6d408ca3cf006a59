import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token has claims that nobody knows, with names from the prototype',
  idToken: ({ header, claims }) =>
    signRaw(
      header,
      JSON.stringify(claims).replace(
        '{',
        '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},',
      ),
      KEYS.honest.privateKey,
    ),
  expect: {
    end: 'SIGNED-IN',
    check: ({ user }) => expect(user).not.toHaveProperty('admin'),
  },
})
