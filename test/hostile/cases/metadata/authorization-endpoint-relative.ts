import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint is relative',
  metadata: members({ authorization_endpoint: '/authorize' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
