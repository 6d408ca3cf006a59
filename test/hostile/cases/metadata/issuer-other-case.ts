import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the metadata spells the issuer in capitals',
  metadata: (document) => ({ ...document, issuer: String(document.issuer).toUpperCase() }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
