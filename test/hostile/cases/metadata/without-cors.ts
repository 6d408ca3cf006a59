import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'no page may read the metadata',
  discoveryReply: answer((honest) => honest, {
    headers: { 'access-control-allow-origin': 'null' },
  }),
  expect: { end: 'ANON', code: 'network' },
})
