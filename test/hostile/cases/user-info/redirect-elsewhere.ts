import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the access token is to be sent on to another origin',
  act: 'user-info',
  userInfoReply: (reply, { elsewhere }) => ({
    ...reply,
    status: 307,
    headers: { ...reply.headers, location: elsewhere },
    body: '',
  }),
  expect: { end: 'KEEP', code: 'network' },
})
