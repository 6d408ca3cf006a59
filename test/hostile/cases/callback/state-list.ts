import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the state comes as a list (state[]=)',
  callback: (url) => new URL(url.href.replace('state=', 'state[]=')),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
