import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the provider calls a refresh token it does not know invalid_request, as LemonLDAP::NG does',
  act: 'renew',
  tokenReply: answer('{"error":"invalid_request"}', { status: 400 }),
  expect: { end: 'KEEP', code: 'interaction_required' },
})
