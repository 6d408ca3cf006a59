import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'keys come with certificates and thumbprints, and without alg and use',
  keySet: (set) => ({
    keys: set.keys.map(({ alg: _, use: __, ...key }) => ({
      ...key,
      x5c: ['MIIC…'],
      x5t: 'aaaa',
      'x5t#S256': 'bbbb',
      key_ops: ['verify'],
      nbf: 1,
    })),
  }),
  expect: { end: 'SIGNED-IN' },
})
