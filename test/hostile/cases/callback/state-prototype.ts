import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the state is the name of a member that every object has',
  callback: set({ state: '__proto__' }),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
