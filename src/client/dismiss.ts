import type { SignInRequest } from '../types/requests.js'

/** Ends a `via` that is not needed, such as a popup that is open already. */
export async function dismiss(request: SignInRequest | undefined, reason?: unknown): Promise<void> {
  const untaken = Promise.reject(reason)
  untaken.catch(() => {})
  try {
    await Object(request).via?.(untaken)
  } catch {
    // Whatever else is wrong with it, nobody waits for it.
  }
}
