import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint has no slashes after plain http:',
  metadata: members({ authorization_endpoint: 'http:evil.example/authorize' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
