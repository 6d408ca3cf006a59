import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint sends the code on to another origin',
  tokenReply: (reply, { elsewhere }) => ({
    ...reply,
    status: 307,
    headers: { ...reply.headers, location: elsewhere },
    body: '',
  }),
  expect: { end: 'ANON', code: 'network' },
})
