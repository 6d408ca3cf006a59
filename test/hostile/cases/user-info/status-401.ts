import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'UserInfo refuses the access token',
  act: 'user-info',
  userInfoReply: answer('', { status: 401 }),
  expect: { end: 'KEEP', code: 'userinfo_invalid' },
})
