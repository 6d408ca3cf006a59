import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response begins with a byte order mark, which is ignored (EITHER)',
  tokenReply: answer((honest) => `\ufeff${honest}`),
  expect: { end: 'SIGNED-IN' },
})
