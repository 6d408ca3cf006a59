import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the provider gives refresh tokens and takes none, with status 403 alone, as Glewlwyd can',
  act: 'renew',
  tokenReply: answer('', { status: 403 }),
  expect: { end: 'KEEP', code: 'interaction_required' },
})
