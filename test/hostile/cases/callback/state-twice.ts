import { defineCase } from '../../define-case.ts'
import { again } from '../../mutations.ts'

export default defineCase({
  what: 'the state stands twice in the callback',
  callback: again('state'),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
