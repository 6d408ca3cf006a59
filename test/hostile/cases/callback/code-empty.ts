import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the code of the callback is empty',
  callback: set({ code: '' }),
  expect: { end: 'ANON', code: 'callback_invalid', tokenRequests: 0 },
})
