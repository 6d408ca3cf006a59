import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the metadata is of an issuer on another port',
  metadata: (document) => ({ ...document, issuer: String(document.issuer).replace(/:\d+/, ':1') }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
