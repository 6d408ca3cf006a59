import { type Auth, createAuth } from 'tessera-auth'
import { cyberArkIdentity } from 'tessera-auth/cyberark'
import type { PasswordApplication } from '../config.js'

/** The scope that lets an app create users in the demo tenant. */
export const MANAGE_USERS = 'ManageUsers'

/** A client for the vendor's guide: an OAuth2 Client application, and the API of the tenant itself. */
export function createPasswordClient(
  tenant: string,
  { application, clientId }: PasswordApplication,
): Auth {
  return createAuth({
    ...cyberArkIdentity({ tenant, application }),
    clientId,
    redirectUri: '/callback',
    scope: [MANAGE_USERS],
    resources: [{ url: directoryOf(tenant) }],
    // A session of its own, for as long as the view is open.
    persistence: 'memory',
  })
}

/** Where the tenant's own API for users begins. */
export function directoryOf(tenant: string): string {
  return new URL('/cdirectoryservice/', tenant).href
}
