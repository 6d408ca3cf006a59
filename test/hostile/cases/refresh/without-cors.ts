import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'a renewal is refused without letting this origin read why',
  act: 'renew',
  tokenReply: ({ headers: { 'access-control-allow-origin': _, ...headers }, ...reply }) => ({
    ...reply,
    status: 400,
    headers,
    body: '{"error":"invalid_grant"}',
  }),
  expect: { end: 'KEEP', code: 'network', error: { retryable: true } },
})
