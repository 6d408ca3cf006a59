import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint is javascript: with a tab in it',
  metadata: members({ authorization_endpoint: 'java\tscript:alert(1)//https://login.example' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
