import type { DemoConfig } from '../config.js'

/** Which of the imports of `tessera-auth` Tax eFile uses. */
export interface Ways {
  /** Sign in in a popup: `tessera-auth/popup`. */
  readonly popup: boolean
  /** Renew in a hidden frame: `tessera-auth/silent`. */
  readonly frame: boolean
  /** Bind tokens to a key: `tessera-auth/dpop`. */
  readonly dpop: boolean
  /** Push the authorization request: `tessera-auth/par`. */
  readonly push: boolean
}

/** Redirects, bearer tokens, plain parameters: what every provider takes. */
export const PLAIN: Ways = { popup: false, frame: false, dpop: false, push: false }

/** Where to sign in: no CyberArk tenant is known to take bound tokens or pushed requests. */
export function findApplication(config: DemoConfig, { dpop, push }: Ways) {
  const { application, clientId, scope, standard } = config
  return (dpop || push) && standard ? standard : { application, clientId, scope }
}

/** Whether a session of before is none with these. */
export function needsSignIn(config: DemoConfig, before: Ways, after: Ways): boolean {
  return (
    before.dpop !== after.dpop ||
    findApplication(config, before).clientId !== findApplication(config, after).clientId
  )
}
