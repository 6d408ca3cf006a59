import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the code stands twice in the callback, once under a name that is percent-encoded',
  callback: (url) => `${url.href}&%63ode=other`,
  expect: { end: 'ANON', code: 'callback_invalid', tokenRequests: 0 },
})
