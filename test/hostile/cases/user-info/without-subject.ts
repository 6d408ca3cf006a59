import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'UserInfo does not say of whom it speaks',
  act: 'user-info',
  userInfo: members({ sub: undefined }),
  expect: { end: 'KEEP', code: 'userinfo_invalid' },
})
