import type { Page } from 'playwright-core'
import type { AuthOptions, SignInRequest } from 'tessera-auth'

/** What the user does at a provider's own pages. */
export interface AtProvider {
  /** What to answer where the provider asks whether the app may. Default `allow`. */
  readonly decision?: 'allow' | 'deny'
}

/** What an installation offers beyond a sign-in; a journey that needs more is not run with it. */
export type Feature =
  | 'refresh'
  | 'silent'
  | 'end-session'
  | 'deny'
  | 'par'
  | 'dpop'
  /** Its access tokens are JWTs that anybody can verify by its key set. */
  | 'jwt'

/** One way in which a provider is set up: an issuer with a public client. */
export interface Installation {
  /** As the table of results calls it. */
  readonly name: string
  readonly options: Pick<AuthOptions, 'issuer' | 'metadata' | 'clientId' | 'scope'>
  /** Where its keys are, for a resource server. */
  readonly keys: string
  readonly features: ReadonlySet<Feature>
  /** What a sign-in has to ask for, to get a refresh token say. */
  readonly request?: SignInRequest
}

/** An OpenID provider that nobody here wrote, on its own port of loopback. */
export interface ForeignProvider {
  readonly name: string
  readonly installations: readonly Installation[]
  /** Signs Monika in at the provider's own pages, and is back at the app then. */
  signIn(page: Page, origin: string, at?: AtProvider): Promise<void>
  /** Confirms a sign-out at the provider's own pages, and is back at the app then. */
  signOut(page: Page, origin: string): Promise<void>
  output(): string
  stop(): Promise<void>
}
