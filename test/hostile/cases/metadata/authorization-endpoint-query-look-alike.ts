import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint has this machine in its query',
  metadata: members({ authorization_endpoint: 'http://evil.example?.localhost/authorize' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
