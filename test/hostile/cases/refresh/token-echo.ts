import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'a provider in trouble repeats the refresh token in its words',
  act: 'renew',
  tokenReply: (reply, { log }) => ({
    ...reply,
    status: 503,
    body: JSON.stringify({
      error: 'server_error',
      error_description: `cannot look up ${log.at(-1)?.body.get('refresh_token')}`,
    }),
  }),
  expect: {
    end: 'KEEP',
    code: 'provider_unavailable',
    error: { providerErrorDescription: 'cannot look up ...' },
  },
})
