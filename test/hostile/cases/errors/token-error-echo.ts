import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint repeats the code in the name of its error',
  tokenReply: (reply, { log }) => {
    const code = log.at(-1)?.body.get('code')
    return { ...reply, status: 400, body: JSON.stringify({ error: `unknown_code ${code}` }) }
  },
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    error: { providerError: 'unknown_code ...' },
  },
})
