import { defineCase } from '../../define-case.ts'
import { answer, never } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata does not come',
  timeout: 700,
  discoveryReply: answer('', { after: never }),
  expect: { end: 'ANON', code: 'timeout', discoveryRequests: 1 },
})
