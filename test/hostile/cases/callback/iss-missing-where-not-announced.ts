import { defineCase } from '../../define-case.ts'
import { members, without } from '../../mutations.ts'

export default defineCase({
  what: 'the callback names no issuer, as the provider never does',
  metadata: members({ authorization_response_iss_parameter_supported: undefined }),
  callback: without('iss'),
  expect: { end: 'SIGNED-IN' },
})
