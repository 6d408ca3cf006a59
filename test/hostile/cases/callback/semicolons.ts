import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the parameters of the callback are apart by semicolons',
  callback: (url) => url.href.replaceAll('&', ';'),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
