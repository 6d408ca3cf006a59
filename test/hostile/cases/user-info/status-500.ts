import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'UserInfo breaks',
  act: 'user-info',
  userInfoReply: answer('', { status: 500 }),
  expect: { end: 'KEEP', code: 'provider_unavailable', error: { status: 500 } },
})
