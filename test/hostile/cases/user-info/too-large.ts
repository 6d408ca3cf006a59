import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'UserInfo has more than a megabyte',
  act: 'user-info',
  userInfo: members({ more: 'x'.repeat(2 ** 20) }),
  expect: { end: 'KEEP', code: 'userinfo_invalid' },
})
