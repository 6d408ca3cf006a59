import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the callback has an error and no state',
  callback: (url) => new URL(`${url.origin}${url.pathname}?error=access_denied`),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
