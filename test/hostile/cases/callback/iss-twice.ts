import { defineCase } from '../../define-case.ts'
import { again } from '../../mutations.ts'

export default defineCase({
  what: 'the callback names its issuer twice',
  callback: again('iss'),
  expect: { end: 'ANON', code: 'callback_invalid', tokenRequests: 0 },
})
