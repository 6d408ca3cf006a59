import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the state of the callback is of no sign-in of this browser',
  callback: set({ state: 'A'.repeat(43) }),
  expect: {
    end: 'ANON',
    code: 'callback_state',
    message: 'The callback belongs to no sign-in of this browser.',
    tokenRequests: 0,
  },
})
