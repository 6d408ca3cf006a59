import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the authorization endpoint has a fragment',
  metadata: (document) => ({
    ...document,
    authorization_endpoint: `${document.authorization_endpoint}#x`,
  }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
