import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint repeats the tokens that it sends beside an error',
  tokenReply: (reply) => {
    const tokens = JSON.parse(String(reply.body))
    const body = JSON.stringify({
      ...tokens,
      error: 'invalid_request',
      error_description: `Not ${tokens.access_token}, ${tokens.refresh_token}, ${tokens.id_token}`,
    })
    return { ...reply, body }
  },
  expect: { end: 'ANON', code: 'token_request_refused' },
})
