import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'a member of the token response that nobody reads is not UTF-8 (EITHER)',
  tokenReply: answer((honest) => Buffer.from(honest.replace('{', '{"name":"M\xfcnch",'), 'latin1')),
  expect: { end: 'SIGNED-IN' },
})
