import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint does not let this origin read its answer',
  tokenReply: ({ headers: { 'access-control-allow-origin': _, ...headers }, ...reply }) => ({
    ...reply,
    headers,
  }),
  expect: { end: 'ANON', code: 'network' },
})
