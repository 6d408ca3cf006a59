import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the provider takes no refresh from a public client, as CyberArk: the user has to be asked',
  act: 'renew',
  tokenReply: answer('{"error":"access_denied"}', { status: 400 }),
  expect: { end: 'KEEP', code: 'interaction_required' },
})
