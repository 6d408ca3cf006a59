import { defineCase } from '../../define-case.ts'
import { without } from '../../mutations.ts'

export default defineCase({
  what: 'the callback has neither code nor error',
  callback: without('code'),
  expect: {
    end: 'ANON',
    code: 'callback_invalid',
    message: 'The callback has no code.',
    tokenRequests: 0,
  },
})
