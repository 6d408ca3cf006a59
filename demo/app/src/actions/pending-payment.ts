import type { SignInRequest } from 'tessera-auth'

/** A payment that waits for a permission, which goes with the user to the tenant as `appState`. */
export interface PendingPayment {
  /** The account that pays. */
  readonly from: string
  /** What the bank asks to sign in with. */
  readonly request: SignInRequest
}

/** Finds the payment that a sign-in was for, if it was for one. */
export function readPendingPayment(appState: unknown): PendingPayment | null {
  const { from, request } = Object(appState) as Partial<PendingPayment>
  return typeof from === 'string' && request ? { from, request } : null
}
