import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint repeats the code in a description, and names no error',
  tokenReply: (reply, { log }) => ({
    ...reply,
    status: 400,
    body: JSON.stringify({ error_description: `Unknown code ${log.at(-1)?.body.get('code')}` }),
  }),
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    error: { providerErrorDescription: 'Unknown code ...' },
  },
})
