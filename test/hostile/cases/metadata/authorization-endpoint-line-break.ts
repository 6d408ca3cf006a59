import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint has a line break in plain http:',
  metadata: members({ authorization_endpoint: 'ht\ntp://evil.example/authorize' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
