import { type Auth, createAuth } from 'tessera-auth'
import { cyberArkIdentity } from 'tessera-auth/cyberark'
import type { DemoConfig } from './config.js'
import { READ_ACCOUNTS } from './scopes.js'

/** Makes the client of the SDK: everything Tax eFile needs to say about its sign-in. */
export function createClient(config: DemoConfig): Auth {
  const { tenant, application, clientId, scope, bankApi, metadata } = config
  return createAuth({
    ...cyberArkIdentity({ tenant, application }),
    ...(metadata && { metadata }),
    clientId,
    redirectUri: '/callback',
    postLogoutRedirectUri: '/signed-out',
    scope,
    resources: [{ url: bankApi, scope: [READ_ACCOUNTS] }],
  })
}
