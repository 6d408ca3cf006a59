import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'UserInfo stands on a prototype',
  act: 'user-info',
  userInfoReply: answer((honest) => `{"__proto__":${honest}}`),
  expect: { end: 'KEEP', code: 'userinfo_invalid' },
})
