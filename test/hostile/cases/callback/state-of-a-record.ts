import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the state is the name of another record in the store',
  callback: set({ state: 'session' }),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
