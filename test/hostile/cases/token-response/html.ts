import { defineCase } from '../../define-case.ts'
import { answer, HTML } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint answers with a page, as a proxy does',
  tokenReply: answer(HTML, { headers: { 'content-type': 'text/html' } }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
