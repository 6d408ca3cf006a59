import { defineCase } from '../../define-case.ts'
import { answer, drip } from '../../mutations.ts'

export default defineCase({
  what: 'the key set comes byte by byte',
  timeout: 1_500,
  keySetReply: answer((honest) => drip(honest)),
  expect: { end: 'ANON', code: 'timeout' },
})
