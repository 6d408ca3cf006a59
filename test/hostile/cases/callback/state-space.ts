import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'there is a space behind the state of the callback',
  callback: (url) => set({ state: `${url.searchParams.get('state')} ` })(url),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
