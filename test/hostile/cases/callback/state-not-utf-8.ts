import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the state of the callback is not UTF-8',
  callback: (url) => url.href.replace(/state=[^&]+/, 'state=%ff%fe%C0%80'),
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
