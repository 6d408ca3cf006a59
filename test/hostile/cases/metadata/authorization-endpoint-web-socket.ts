import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint is a web socket',
  metadata: members({ authorization_endpoint: 'wss://login.example/authorize' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
