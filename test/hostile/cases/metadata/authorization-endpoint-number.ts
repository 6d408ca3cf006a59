import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint is a number',
  metadata: members({ authorization_endpoint: 7 }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
