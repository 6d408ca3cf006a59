import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint has a host with dots that are no dots',
  metadata: members({ authorization_endpoint: 'http://evil.example\uff0flocalhost/authorize' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
