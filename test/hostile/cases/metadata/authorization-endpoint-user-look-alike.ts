import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint has this machine as its user',
  metadata: members({ authorization_endpoint: 'http://localhost:80@evil.example/authorize' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
