import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'endpoints that nobody uses are unusable, and named like those that everybody does',
  metadata: members({
    token_introspection_endpoint: null,
    token_revocation_endpoint: '/revoke',
    authorization_details_endpoint: 'http://evil.example/',
  }),
  expect: { end: 'SIGNED-IN' },
})
