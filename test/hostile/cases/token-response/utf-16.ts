import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response is UTF-16',
  tokenReply: answer((honest) => Buffer.from(`\ufeff${honest}`, 'utf16le')),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
