import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'a renewed ID token says when the user signed in, which the first one did not',
  act: 'renew',
  honest: { claims: ({ auth_time: _, ...claims }) => claims },
  claims: (claims) => claims,
  expect: { end: 'KEEP' },
})
