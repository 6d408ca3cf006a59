import { defineCase } from '../../define-case.ts'
import { answer, never } from '../../mutations.ts'

export default defineCase({
  what: 'the key set does not come',
  timeout: 700,
  keySetReply: answer('', { after: never }),
  expect: { end: 'ANON', code: 'timeout', mostKeyRequests: 4 },
})
