import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'UserInfo breaks, and repeats the access token in its words',
  act: 'user-info',
  userInfoReply: (reply, { log }) => ({
    ...reply,
    status: 503,
    body: JSON.stringify({
      error: 'server_error',
      error_description: `cannot look up ${String(log.at(-1)?.headers.authorization).slice(7)}`,
    }),
  }),
  expect: {
    end: 'KEEP',
    code: 'provider_unavailable',
    error: { status: 503, providerErrorDescription: 'cannot look up ...' },
  },
})
