import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the provider needs the user',
  callback: set({ error: 'login_required' }),
  expect: { end: 'ANON', code: 'interaction_required', tokenRequests: 0 },
})
