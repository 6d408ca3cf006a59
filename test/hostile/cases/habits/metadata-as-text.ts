import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'metadata and keys are served as text, or as their own media type',
  discoveryReply: (reply) => ({
    ...reply,
    headers: { ...reply.headers, 'content-type': 'text/plain' },
  }),
  keySetReply: (reply) => ({
    ...reply,
    headers: { ...reply.headers, 'content-type': 'application/jwk-set+json' },
  }),
  expect: { end: 'SIGNED-IN' },
})
