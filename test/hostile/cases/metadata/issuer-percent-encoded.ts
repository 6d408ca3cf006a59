import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the issuer is the same, percent-encoded once more than it has to be',
  metadata: (d, { url }) => ({ ...d, issuer: url.replace('/p', '/%70') }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
