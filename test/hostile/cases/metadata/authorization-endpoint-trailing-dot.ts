import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint has a dot after localhost',
  metadata: members({ authorization_endpoint: 'http://localhost./authorize' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
