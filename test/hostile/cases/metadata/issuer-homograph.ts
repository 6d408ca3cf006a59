import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'a letter of the issuer is one that looks alike',
  metadata: (d, { url }) => ({ ...d, issuer: url.replace('app', '\u0430pp') }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
