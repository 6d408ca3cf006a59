import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint repeats the code with characters in it that nobody sees',
  tokenReply: (reply, { log }) => {
    const code = log.at(-1)?.body.get('code') ?? ''
    const description = `bad \r\n${code.slice(0, 9)}\u200b${code.slice(9, 20)}\r\n${code.slice(20)}`
    return {
      ...reply,
      status: 400,
      body: JSON.stringify({ error: 'invalid_grant', error_description: description }),
    }
  },
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    error: { providerErrorDescription: 'bad ...' },
  },
})
