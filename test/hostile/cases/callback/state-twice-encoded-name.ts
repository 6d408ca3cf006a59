import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the state stands twice in the callback, once under a name that is percent-encoded',
  callback: (url) => `${url.href}&%73tate=other`,
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
