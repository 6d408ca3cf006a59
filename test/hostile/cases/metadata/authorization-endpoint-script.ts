import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint is a javascript: address',
  metadata: members({ authorization_endpoint: 'javascript:alert(document.cookie)//' }),
  expect: {
    end: 'ANON',
    code: 'insecure_url',
    message: 'The authorization_endpoint of the provider is not an https: URL.',
  },
})
