import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the connection breaks during a renewal',
  act: 'renew',
  tokenReply: answer('', { reset: true }),
  expect: { end: 'KEEP', code: 'network' },
})
