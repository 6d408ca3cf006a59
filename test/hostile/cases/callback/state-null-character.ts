import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the state of the callback ends in a null character',
  callback: (url) => url.href.replace(/state=[^&]+/, '$&%00'),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
