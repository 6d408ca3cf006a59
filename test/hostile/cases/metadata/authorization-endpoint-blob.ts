import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint is a blob:',
  metadata: members({ authorization_endpoint: 'blob:https://login.example/authorize' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
