import { defineCase } from '../../define-case.ts'
import { answer, HTML } from '../../mutations.ts'

export default defineCase({
  what: 'UserInfo is a page',
  act: 'user-info',
  userInfoReply: answer(HTML, { headers: { 'content-type': 'text/html' } }),
  expect: { end: 'KEEP', code: 'userinfo_invalid' },
})
