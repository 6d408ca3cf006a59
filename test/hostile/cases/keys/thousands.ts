import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'there are two thousand keys',
  keySet: (set) => ({
    keys: [
      ...Array.from({ length: 2_000 }, (_, at) => ({
        kty: 'RSA',
        kid: `key ${at}`,
        n: 'AQAB',
        e: 'AQAB',
      })),
      ...set.keys,
    ],
  }),
  expect: { end: 'SIGNED-IN' },
})
