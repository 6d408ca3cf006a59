import { defineCase } from '../../define-case.ts'
import { again, set } from '../../mutations.ts'

export default defineCase({
  what: 'the callback has two descriptions of its error',
  callback: (url) =>
    again(
      'error_description',
      'two',
    )(set({ error: 'access_denied', error_description: 'one' })(url)),
  expect: { end: 'ANON', code: 'callback_invalid', tokenRequests: 0 },
})
