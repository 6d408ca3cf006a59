import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the authorization endpoint has a state of its own',
  metadata: (document) => ({
    ...document,
    authorization_endpoint: `${document.authorization_endpoint}?state=known`,
  }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
