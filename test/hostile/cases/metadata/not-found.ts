import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'there is no metadata',
  discoveryReply: answer('', { status: 404 }),
  expect: { end: 'ANON', code: 'discovery_invalid', discoveryRequests: 1 },
})
