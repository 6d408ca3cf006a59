import { defineCase } from '../../define-case.ts'
import { without } from '../../mutations.ts'

export default defineCase({
  what: 'the callback has no state',
  callback: without('state'),
  expect: {
    end: 'ANON',
    code: 'callback_state',
    message: 'The callback has no state, or several.',
    tokenRequests: 0,
  },
})
