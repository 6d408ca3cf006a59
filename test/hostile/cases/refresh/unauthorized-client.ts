import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the client may not refresh: the user has to be asked',
  act: 'renew',
  tokenReply: answer('{"error":"unauthorized_client"}', { status: 400 }),
  expect: { end: 'KEEP', code: 'interaction_required' },
})
