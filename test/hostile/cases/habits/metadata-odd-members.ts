import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'members of the metadata that nobody needs are of any shape',
  metadata: members({
    scopes_supported: 'openid profile',
    claims_supported: null,
    grant_types_supported: {},
    response_types_supported: 'code',
    code_challenge_methods_supported: null,
    id_token_signing_alg_values_supported: 'RS256',
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    introspection_endpoint: '/introspect',
    check_session_iframe: 7,
    service_documentation: 'none',
    require_pushed_authorization_requests: null,
    mtls_endpoint_aliases: { token_endpoint: 'https://mtls.example/' },
    'x-vendor': [{}],
  }),
  expect: { end: 'SIGNED-IN' },
})
