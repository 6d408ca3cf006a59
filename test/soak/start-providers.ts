import type { AuthOptions, ProviderMetadata, SignInRequest } from 'tessera-auth'
import { startBank } from '../../demo/bank/start-bank.mjs'
import { startTenant } from '../../demo/tenant/start-tenant.mjs'
import type { Page } from '../browsers/page.ts'
import { submitSignIn } from '../browsers/submit-sign-in.ts'
import { startStandardProvider } from '../capabilities/start-standard-provider.ts'
import { type Road, startRoad } from './start-road.ts'

export type User = 'monika' | 'peter'

/** A provider with rotation and the detection of reuse, and an API that takes its tokens. */
export interface SoakProvider {
  /** Also the first part of the path of the app's page. */
  readonly name: string
  readonly road: Road
  readonly options: AuthOptions
  /** An address of its API. */
  readonly api: string
  /** Seconds that access tokens live from now on. */
  readonly setLifetime: (seconds: number) => void
  /** Gets the provider ready for a user; gives what the page asks for. */
  readonly expect: (user: User, tab: Page) => Promise<SignInRequest>
  /** What that user does at the provider. */
  readonly enter: (tab: Page) => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts both providers that the soak runs against, for an app at `origin`. */
export async function startProviders(origin: string): Promise<SoakProvider[]> {
  return Promise.all([startDemoTenant(origin), startPlainProvider(origin)])
}

/** The demo's tenant, with refresh and revocation allowed to public clients. */
async function startDemoTenant(origin: string): Promise<SoakProvider> {
  const tenant = await startTenant({
    redirectUris: [`${origin}/tenant/callback`],
    switches: { refresh: 'allowed', revokeWithoutSecret: 'allowed', refreshIdToken: 'included' },
  })
  const { issuer, clientId, metadata } = tenant.apps.taxefile
  const bank = await startBank({
    issuer,
    audience: clientId,
    jwksUri: metadata.jwks_uri,
    allowedOrigins: [origin],
  })
  const revocation = metadata.token_endpoint.replace('/Token/', '/Revoke/')
  const road = await startRoad({ token: metadata.token_endpoint, revocation })
  let username = ''
  // The demo's second user may not use its apps; here he may.
  Object.assign(tenant.users['peter.b'] ?? {}, { canRun: true })
  return {
    name: 'tenant',
    road,
    options: {
      issuer,
      metadata: by(road, metadata),
      clientId,
      redirectUri: '/tenant/callback',
      scope: ['openid', 'profile'],
      resources: [{ url: `${bank.url}/api/`, scope: ['accounts.read'] }],
    },
    api: `${bank.url}/api/accounts`,
    setLifetime: (tokenLifetime) => tenant.set({ tokenLifetime }),
    async expect(user) {
      tenant.endSessions()
      tenant.clearLog()
      bank.clearLog()
      username = user === 'monika' ? 'monika.a' : 'peter.b'
      return {}
    },
    enter: (tab) => submitSignIn(tab, origin, { username }),
    async close() {
      await Promise.all([road.close(), bank.stop(), tenant.stop()])
    },
  }
}

/** `oidc-provider` as it comes. */
async function startPlainProvider(origin: string): Promise<SoakProvider> {
  const provider = await startStandardProvider({ origins: [`${origin}/oidc-provider`] })
  const discovery = await fetch(`${provider.issuer}/.well-known/openid-configuration`)
  const metadata = (await discovery.json()) as ProviderMetadata
  const road = await startRoad({
    token: metadata.token_endpoint,
    revocation: String(metadata.revocation_endpoint),
  })
  return {
    name: 'oidc-provider',
    road,
    options: {
      issuer: provider.issuer,
      metadata: by(road, metadata),
      clientId: provider.clientId,
      redirectUri: '/oidc-provider/callback',
      scope: ['openid', 'api.read'],
      resources: [{ url: provider.apiUrl }],
    },
    api: `${provider.apiUrl}accounts`,
    setLifetime(seconds) {
      provider.options.lifetime = seconds
    },
    async expect(user, tab) {
      provider.seen.splice(0)
      // Its session, which it would ask about before it lets in another user.
      await tab.context().clearCookies({ name: /^_/ })
      return { loginHint: user }
    },
    // It asks nothing and sends her straight back.
    enter: async () => {},
    async close() {
      await Promise.all([road.close(), provider.close()])
    },
  }
}

/** The metadata of a provider whose token endpoint is reached by the road. */
function by(road: Road, metadata: ProviderMetadata): ProviderMetadata {
  return {
    ...metadata,
    token_endpoint: road.tokenEndpoint,
    revocation_endpoint: road.revocationEndpoint,
  }
}
