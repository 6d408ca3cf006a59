import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint sends the code on to another origin for ever',
  tokenReply: (reply, { elsewhere }) => ({
    ...reply,
    status: 308,
    headers: { ...reply.headers, location: elsewhere },
    body: '',
  }),
  expect: { end: 'ANON', code: 'network' },
})
