import type { AuthErrorCode, AuthOptions, SignInRequest } from 'tessera-auth'
import type { DescribedError, Snapshot } from './app.ts'
import type { Stage } from './create-stage.ts'
import type { Issuer } from './provider/create-issuer.ts'
import type { Mutation } from './provider/mutation.ts'

/**
 * How a case ends.
 *
 * - `ANON`: no session, and the address holds nothing of the callback.
 * - `SIGNED-IN`: what is odd is no reason to refuse, or was repaired.
 * - `KEEP`: the session that was there is as it was.
 * - `ENDED`: the session that was there is gone.
 */
export type End = 'ANON' | 'SIGNED-IN' | 'KEEP' | 'ENDED'

export interface Expected {
  readonly end: End
  /** The code of the error; none where it is left out. */
  readonly code?: AuthErrorCode
  /** The message, exactly; addresses of the provider begin with `{issuer}`. */
  readonly message?: string
  /** Further members of the error. */
  readonly error?: Partial<DescribedError>
  /** Requests to the token endpoint while the mutation was on. Default 1 where one is due. */
  readonly tokenRequests?: number
  readonly discoveryRequests?: number
  /** Requests for the key set: at most so many. */
  readonly mostKeyRequests?: number
  /** Anything else. Throws where it does not hold. */
  readonly check?: (end: Snapshot, stage: Stage) => unknown
}

/** What the page does once it is signed in and the mutation comes on. */
export type Act = 'renew' | 'user-info'

/** A mutation of an honest provider, or of what happens, and what has to come of it. */
export interface HostileCase extends Mutation {
  /** What is wrong, in words. */
  readonly what: string
  readonly expect: Expected
  readonly options?: (issuer: Issuer) => Partial<AuthOptions>
  readonly request?: SignInRequest
  /** The deadline while the mutation is on. Honest runs have the default, for busy machines. */
  readonly timeout?: number
  /** Signs in honestly first, and then does this. */
  readonly act?: Act
  /** How the app starts, in the hostile run. */
  readonly mode?: 'twice' | 'two-clients'
  /** What the provider does in all runs, because the start asks for it. */
  readonly honest?: Mutation
  /** What happens instead of a plain sign-in; `stage.hostile` says in which of the two runs. */
  readonly play?: (stage: Stage) => Promise<Snapshot>
}

/** A case, checked for its type. */
export const defineCase = (each: HostileCase): HostileCase => each
