import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token response has members of its vendor, such as Keycloak’s not-before-policy',
  tokens: members({
    'not-before-policy': 0,
    session_state: 'd1f1…',
    refresh_expires_in: 1800,
    id_token_expires_in: '3600',
    resource: null,
  }),
  expect: { end: 'SIGNED-IN' },
})
