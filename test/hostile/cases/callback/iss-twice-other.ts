import { defineCase } from '../../define-case.ts'
import { again } from '../../mutations.ts'

export default defineCase({
  what: 'the callback names two issuers',
  callback: again('iss', 'https://login.example'),
  expect: { end: 'ANON', code: 'callback_invalid', tokenRequests: 0 },
})
