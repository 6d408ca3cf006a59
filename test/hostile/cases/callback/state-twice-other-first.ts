import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'a forged state stands before the right one',
  callback: (url) => new URL(url.href.replace('?', '?state=forged&')),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
