import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response is called latin1, which JSON never is; it is read as UTF-8',
  tokenReply: answer((honest) => honest, {
    headers: { 'content-type': 'application/json; charset=iso-8859-1' },
  }),
  expect: { end: 'SIGNED-IN' },
})
