import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint redirects within its origin',
  tokenReply: (reply, { url }) => ({
    ...reply,
    status: 302,
    headers: { ...reply.headers, location: `${url}/jwks?own` },
    body: '',
  }),
  expect: { end: 'ANON', code: 'network' },
})
