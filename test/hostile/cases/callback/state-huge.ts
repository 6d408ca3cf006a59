import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the state of the callback has 8 KB',
  callback: set({ state: 's'.repeat(8_000) }),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
