import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the metadata are said to be where they are, for ever',
  discoveryReply: (reply, { url }) => ({
    ...reply,
    status: 302,
    headers: { ...reply.headers, location: `${url}/.well-known/openid-configuration` },
    body: '',
  }),
  expect: { end: 'ANON', code: 'network' },
})
