import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the refresh token is to be sent on to another origin',
  act: 'renew',
  tokenReply: (reply, { elsewhere }) => ({
    ...reply,
    status: 307,
    headers: { ...reply.headers, location: elsewhere },
    body: '',
  }),
  expect: { end: 'KEEP', code: 'network' },
})
