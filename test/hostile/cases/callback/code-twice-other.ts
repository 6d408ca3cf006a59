import { defineCase } from '../../define-case.ts'
import { again } from '../../mutations.ts'

export default defineCase({
  what: 'a second code stands in the callback',
  callback: again('code', 'injected'),
  expect: { end: 'ANON', code: 'callback_invalid', tokenRequests: 0 },
})
