import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the issuer of the metadata is a list',
  metadata: (document) => ({ ...document, issuer: [document.issuer] }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
