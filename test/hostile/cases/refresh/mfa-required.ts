import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the provider wants to see the user before it renews, as Auth0 does: asking again would not help',
  act: 'renew',
  tokenReply: answer('{"error":"mfa_required"}', { status: 403 }),
  expect: { end: 'KEEP', code: 'interaction_required' },
})
