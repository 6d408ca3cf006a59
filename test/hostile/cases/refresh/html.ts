import { defineCase } from '../../define-case.ts'
import { answer, HTML } from '../../mutations.ts'

export default defineCase({
  what: 'a proxy answers a renewal with a page',
  act: 'renew',
  tokenReply: answer(HTML, { headers: { 'content-type': 'text/html' } }),
  expect: { end: 'KEEP', code: 'token_response_invalid', error: { retryable: true } },
})
