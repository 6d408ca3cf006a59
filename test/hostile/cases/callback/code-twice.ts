import { defineCase } from '../../define-case.ts'
import { again } from '../../mutations.ts'

export default defineCase({
  what: 'the code stands twice in the callback',
  callback: again('code'),
  expect: {
    end: 'ANON',
    code: 'callback_invalid',
    message: 'The callback has one "code" too many.',
    tokenRequests: 0,
  },
})
