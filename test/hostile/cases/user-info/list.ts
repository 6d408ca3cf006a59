import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'UserInfo is a list',
  act: 'user-info',
  userInfo: (claims) => [claims],
  expect: { end: 'KEEP', code: 'userinfo_invalid' },
})
