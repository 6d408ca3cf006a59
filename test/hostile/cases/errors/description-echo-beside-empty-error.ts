import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the description beside an empty error in the callback repeats the code beside it',
  callback: (url) =>
    set({ error: '', error_description: `No ${url.searchParams.get('code')}` })(url),
  expect: { end: 'ANON', code: 'authorization_error', tokenRequests: 0 },
})
