import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the state of the callback is empty',
  callback: set({ state: '' }),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
