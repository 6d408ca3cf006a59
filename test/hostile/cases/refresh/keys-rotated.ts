import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the provider rotated its keys before a renewal',
  act: 'renew',
  keySet: () => ({ keys: [KEYS.next.jwk] }),
  idToken: ({ header, claims }) =>
    signRaw({ ...header, kid: 'next' }, claims, KEYS.next.privateKey),
  expect: { end: 'KEEP', mostKeyRequests: 1 },
})
