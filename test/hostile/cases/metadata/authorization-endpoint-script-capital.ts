import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint is javascript: in capitals, after a space',
  metadata: members({ authorization_endpoint: ' JavaScript:alert(1)' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
