import { defineCase } from '../../define-case.ts'
import { answer, HTML } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint answers with a page and calls it JSON',
  tokenReply: answer(HTML),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
