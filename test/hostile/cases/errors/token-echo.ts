import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint repeats the code in the description of its error',
  tokenReply: (reply, { log }) => {
    const code = log.at(-1)?.body.get('code')
    const body = JSON.stringify({
      error: 'invalid_grant',
      error_description: `Unknown code ${code}`,
    })
    return { ...reply, status: 400, body }
  },
  expect: { end: 'ANON', code: 'token_request_refused' },
})
