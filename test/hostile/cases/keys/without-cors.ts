import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'no page may read the key set',
  keySetReply: answer((honest) => honest, { headers: { 'access-control-allow-origin': 'null' } }),
  expect: { end: 'ANON', code: 'network', mostKeyRequests: 6 },
})
