import { defineCase } from '../../define-case.ts'
import { without } from '../../mutations.ts'

export default defineCase({
  what: 'the code is in the query and the state in the fragment',
  callback: (url) => `${without('state')(new URL(url))}#state=${url.searchParams.get('state')}`,
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
