import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the key set is for those who sign in',
  keySetReply: answer('{}', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
