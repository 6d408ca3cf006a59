import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint repeats the whole request in the description of its error',
  tokenReply: (reply, { log }) => ({
    ...reply,
    status: 400,
    body: JSON.stringify({
      error: 'invalid_request',
      error_description: `Bad request: ${log.at(-1)?.body}`,
    }),
  }),
  expect: { end: 'ANON', code: 'token_request_refused' },
})
