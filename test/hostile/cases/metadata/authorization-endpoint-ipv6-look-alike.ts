import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint is plain http: on an address that contains that of this machine',
  metadata: members({ authorization_endpoint: 'http://[::ffff:10.0.0.1]/authorize' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
