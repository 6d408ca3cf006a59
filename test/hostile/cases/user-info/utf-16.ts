import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the user info is UTF-16',
  act: 'user-info',
  userInfoReply: answer((honest) => Buffer.from(`\ufeff${honest}`, 'utf16le')),
  expect: { end: 'KEEP', code: 'userinfo_invalid' },
})
