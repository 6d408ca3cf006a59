import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the host of the issuer ends in a dot',
  metadata: (d, { url }) => ({ ...d, issuer: url.replace('localhost', 'localhost.') }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
