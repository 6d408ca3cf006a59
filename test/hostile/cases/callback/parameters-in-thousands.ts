import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the callback has two thousand parameters, and its state again behind them',
  callback: (url) => `${url}${'&a=b'.repeat(2_000)}&state=twice`,
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
