import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the description of the error in the callback repeats the code beside it',
  callback: (url) =>
    set({ error: 'access_denied', error_description: `No ${url.searchParams.get('code')}` })(url),
  expect: { end: 'ANON', code: 'authorization_error', tokenRequests: 0 },
})
