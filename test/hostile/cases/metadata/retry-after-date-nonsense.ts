import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the provider names a time to wait that is no time at all',
  discoveryReply: (reply, _, nth) =>
    nth > 1
      ? reply
      : {
          ...reply,
          status: 503,
          headers: {
            ...reply.headers,
            'retry-after': 'about 3000',
            'access-control-expose-headers': 'retry-after',
          },
          body: '',
        },
  expect: { end: 'SIGNED-IN' },
})
