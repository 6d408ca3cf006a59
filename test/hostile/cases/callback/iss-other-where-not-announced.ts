import { defineCase } from '../../define-case.ts'
import { members, set } from '../../mutations.ts'

export default defineCase({
  what: 'the callback names another issuer, where none is announced',
  metadata: members({ authorization_response_iss_parameter_supported: undefined }),
  callback: set({ iss: 'https://login.example' }),
  expect: { end: 'ANON', code: 'callback_issuer', tokenRequests: 0 },
})
