import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint is plain http: on a host that is not this machine',
  metadata: members({ authorization_endpoint: 'http://login.example/authorize' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
