import type { Expected, HostileCase } from './define-case.ts'
import type { Issuer } from './provider/create-issuer.ts'

/**
 * How an app gets to the provider and back. `forward` is a redirect whose session lives in memory: the
 * callback page keeps the response, and the page it leads to completes the sign-in.
 */
export type Way = 'redirect' | 'forward' | 'popup' | 'frame'

/** Whether the app's page goes to the provider itself. */
export const isByRedirect = (way: Way): boolean => way === 'redirect' || way === 'forward'

/** Whether a case is about the callback and nothing else: then every way has to stand it. */
export function isAboutCallback({ callback, play, act, mode }: HostileCase): boolean {
  return !!callback && !play && !act && !mode
}

/**
 * Whether the callback of a case gets to the page that waits for it: the state is how it knows its
 * own, so one without never does.
 */
export async function isHandedOver({ callback }: HostileCase): Promise<boolean> {
  const state = 's'.repeat(43)
  const issuer = { url: 'http://idp.app.localhost/p0' } as Issuer
  const honest = `http://app.localhost/hand-over?code=c&state=${state}&iss=${issuer.url}`
  const changed = await callback?.(new URL(honest), issuer)
  return new URL(changed ?? honest).searchParams.get('state') === state
}

/** What of a frame's failures is for the user to mend, and so no failure of the renewal. */
const FOR_THE_USER = /^(authorization_error|interaction_required|user_mismatch)$/
const ASK_THE_USER: Expected = {
  end: 'KEEP',
  code: 'interaction_required',
  message: 'Only the user can get this access token: call auth.signIn().',
  tokenRequests: 0,
}

/**
 * What comes of a case on another way than the redirect. A page that waits for a callback checks it
 * as strictly; what never reaches it is a callback that does not come. In a frame the session that
 * was there stays, whatever happens.
 *
 * @returns besides, the code that the state of the page shows, and that of the window's own page
 */
export async function expectedOn(
  way: Way,
  each: HostileCase,
): Promise<{ expected: Expected; shown?: string | undefined; inWindow?: string | undefined }> {
  const { expect: expected } = each
  const isTold = await isHandedOver(each)
  const tokenRequests = expected.tokenRequests ?? 1
  if (isByRedirect(way)) return { expected: { ...expected, tokenRequests } }
  if (way === 'popup') {
    if (isTold) return { expected: { ...expected, tokenRequests } }
    const late: Expected = {
      end: 'ANON',
      code: 'timeout',
      message: 'The sign-in took too long.',
      tokenRequests: 0,
    }
    return { expected: late, inWindow: expected.code }
  }
  if (!isTold) return { expected: ASK_THE_USER, shown: 'timeout' }
  if (expected.end === 'SIGNED-IN') return { expected: { ...expected, tokenRequests } }
  if (FOR_THE_USER.test(expected.code ?? '') && !expected.error?.retryable)
    return { expected: ASK_THE_USER, shown: expected.code }
  return { expected: { ...expected, end: 'KEEP', tokenRequests }, shown: expected.code }
}
