import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint has a user',
  metadata: (d, { url }) => ({ ...d, token_endpoint: `${url}/token`.replace('//', '//me:pw@') }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
