import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the provider answers a refresh token it does not know with status 400 alone, as Glewlwyd does',
  act: 'renew',
  tokenReply: answer('', { status: 400 }),
  expect: { end: 'KEEP', code: 'interaction_required' },
})
