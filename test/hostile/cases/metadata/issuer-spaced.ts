import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the issuer ends in a space',
  metadata: (d, { url }) => ({ ...d, issuer: `${url} ` }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
