import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint is plain http: on a host that is not this machine',
  metadata: members({ token_endpoint: 'http://login.example/token' }),
  expect: {
    end: 'ANON',
    code: 'insecure_url',
    message: 'The token_endpoint of the provider is not an https: URL.',
  },
})
