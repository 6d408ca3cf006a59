import type { ProviderMetadata } from 'tessera-auth'

/** What the server of this app says in `/config.json`. */
export interface DemoConfig {
  /** Whether the tenant is the one that `npm start` brings along, or a real one. */
  readonly demoTenant: boolean
  /** Tenant id, host or URL, as `cyberArkIdentity` takes it. */
  readonly tenant: string
  /** Application ID at the tenant. */
  readonly application: string
  readonly clientId: string
  /** Scopes to ask for besides those of the bank. */
  readonly scope: readonly string[]
  /** The application that takes bound tokens and pushed requests, where there is one. */
  readonly standard: Pick<DemoConfig, 'application' | 'clientId' | 'scope'> | null
  /** The application that takes passwords, where there is one, and what it takes for a secret. */
  readonly password: PasswordApplication | null
  /** Where the bank's API begins. */
  readonly bankApi: string
  /** The origin of this app that is registered at the tenant. */
  readonly appOrigin: string
  /** The tenant's metadata, where a browser is not allowed to read it. */
  readonly metadata?: ProviderMetadata
}

/** An OAuth2 Client application of the tenant, for the password flow. */
export interface PasswordApplication {
  readonly application: string
  readonly clientId: string
  /** A secret that every browser gets to see is none. */
  readonly clientSecret: string
  /** Who may try it. */
  readonly user: { readonly username: string; readonly password: string }
}

/** Reads `/config.json`. */
export async function loadConfig(): Promise<DemoConfig> {
  const response = await fetch('/config.json', { cache: 'no-store' })
  if (!response.ok) throw new TypeError(`/config.json answered ${response.status}`)
  return (await response.json()) as DemoConfig
}

/** The host of an address, as people call it. */
export function nameHost(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address
}
