import { defineCase } from '../../define-case.ts'
import { answer, never } from '../../mutations.ts'

export default defineCase({
  what: 'UserInfo is not answered',
  act: 'user-info',
  timeout: 5_000,
  userInfoReply: answer('', { after: never }),
  expect: { end: 'KEEP', code: 'timeout' },
})
