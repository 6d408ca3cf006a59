import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint is plain http: on a host that begins like this machine',
  metadata: members({ authorization_endpoint: 'http://127.0.0.1.nip.example/authorize' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
