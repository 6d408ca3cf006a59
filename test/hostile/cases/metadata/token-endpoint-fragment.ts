import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint has a fragment',
  metadata: (d, { url }) => ({ ...d, token_endpoint: `${url}/token#x` }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
