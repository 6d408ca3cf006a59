import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the response comes in the fragment, which nobody asked for',
  callback: (url) => url.href.replace('?', '#'),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
