import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the subject of the user info is a list',
  act: 'user-info',
  userInfo: (claims) => ({ ...claims, sub: [claims.sub] }),
  expect: { end: 'KEEP', code: 'userinfo_invalid' },
})
