import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the metadata is said to be on another origin',
  discoveryReply: (reply, { elsewhere }) => ({
    ...reply,
    status: 302,
    headers: { ...reply.headers, location: elsewhere },
    body: '',
  }),
  expect: { end: 'ANON', code: 'network' },
})
