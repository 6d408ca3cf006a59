import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint repeats the nonce of the sign-in in the description of its error',
  tokenReply: (reply, { log }) => {
    const nonce = log
      .find(({ endpoint }) => endpoint === 'authorize')
      ?.url.searchParams.get('nonce')
    const body = JSON.stringify({ error: 'invalid_grant', error_description: `For ${nonce}` })
    return { ...reply, status: 400, body }
  },
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    error: { providerErrorDescription: 'For ...' },
  },
})
