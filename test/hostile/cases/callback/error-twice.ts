import { defineCase } from '../../define-case.ts'
import { again, set } from '../../mutations.ts'

export default defineCase({
  what: 'the callback has two errors',
  callback: (url) => again('error', 'login_required')(set({ error: 'access_denied' })(url)),
  expect: { end: 'ANON', code: 'callback_invalid', tokenRequests: 0 },
})
