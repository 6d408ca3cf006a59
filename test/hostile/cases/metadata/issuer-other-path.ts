import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the metadata is of another tenant',
  metadata: (document) => ({ ...document, issuer: `${document.issuer}x` }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
