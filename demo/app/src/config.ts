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
  /** Where the bank's API begins. */
  readonly bankApi: string
  /** The origin of this app that is registered at the tenant. */
  readonly appOrigin: string
  /** The tenant's metadata, where a browser is not allowed to read it. */
  readonly metadata?: ProviderMetadata
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
