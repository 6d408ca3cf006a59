import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the metadata spells the issuer with a slash at its end',
  metadata: (document) => ({ ...document, issuer: `${document.issuer}/` }),
  expect: {
    end: 'ANON',
    code: 'discovery_invalid',
    message: 'The provider has no usable issuer, which has to be exactly "{issuer}".',
  },
})
