import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token response has no content type; it is read whatever that is',
  tokenReply: ({ headers: { 'content-type': _, ...headers }, ...reply }) => ({ ...reply, headers }),
  expect: { end: 'SIGNED-IN' },
})
