import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the key set is said to be on another origin',
  keySetReply: (reply, { elsewhere }) => ({
    ...reply,
    status: 307,
    headers: { ...reply.headers, location: elsewhere },
    body: '',
  }),
  expect: { end: 'ANON', code: 'network', mostKeyRequests: 12 },
})
