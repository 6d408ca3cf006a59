import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the authorization endpoint has user info',
  metadata: (document) => ({
    ...document,
    authorization_endpoint: String(document.authorization_endpoint).replace(
      'http://',
      'http://user:word@',
    ),
  }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
