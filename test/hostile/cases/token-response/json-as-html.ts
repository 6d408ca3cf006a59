import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response is called a page; it is read whatever its content type',
  tokenReply: answer((honest) => honest, { headers: { 'content-type': 'text/html' } }),
  expect: { end: 'SIGNED-IN' },
})
