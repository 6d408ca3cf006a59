import { defineCase } from '../../define-case.ts'
import { answer, never } from '../../mutations.ts'

export default defineCase({
  what: 'a renewal is not answered',
  act: 'renew',
  timeout: 5_000,
  tokenReply: answer('', { after: never }),
  expect: { end: 'KEEP', code: 'timeout' },
})
