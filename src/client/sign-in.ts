import { AuthError, signedOut } from '../errors.js'
import { type ListedResource, matchResource } from '../http/match-resource.js'
import { interrupted, redirect } from '../navigation/redirect.js'
import { parseUrl } from '../protocol/parse-url.js'
import { assertOnline } from '../session/assert-online.js'
import { beginSignIn, type SignInTarget } from '../session/begin-sign-in.js'
import { atMost } from '../session/end-session.js'
import { tokenKey, tokenParameters } from '../session/records.js'
import type { SignInRequest } from '../types/requests.js'
import type { SignedInState } from '../types/state.js'
import { assertPage } from './assert-page.js'
import { claimCallback, releaseCallback } from './claim-callback.js'
import type { Client } from './client.js'
import { completeCallback } from './complete-callback.js'
import { assertNoLoop, noteFailure, noteLeave } from './limit-sign-ins.js'
import { uniqueScope } from './resolve-options.js'

/** How long a page that leaves waits for its renewal, in milliseconds. */
const PATIENCE = 2_000

/**
 * Sends the user to the provider, and stays pending while the page leaves.
 *
 * @param signOuts `client.signOuts` when the sign-in was requested
 * @throws {AuthError} as `Auth.signIn`
 */
export async function signIn(
  client: Client,
  request: SignInRequest,
  signOuts: number,
): Promise<void> {
  const { page, session } = client
  const { dispatch } = session
  const { via } = request
  const since = session.ended()
  let isLeaving = false
  let isOver = false
  const prepare = async () => {
    await page.whenShown()
    if (!via) assertPage('signIn')
    if (page.isFramed()) {
      throw new AuthError(
        'config',
        'signIn: this page is in a frame of another site; open it alone.',
      )
    }
    assertNoLoop(client)
    // Otherwise the browser's own error page would replace the app.
    if (!client.options.allowLoopback) assertOnline()
    // The app's own `via` may have failed at once.
    if (isOver) throw signedOut()
    // Storage that was too slow gets another chance.
    session.isStored()
    dispatch({ type: 'leaving' })
    isLeaving = true
    const prepared = await beginSignIn(session, targetOf(client, request), request)
    // A page that leaves takes along its renewal, and a refresh token that is used up already: another
    // tab would use it a second time.
    if (!via && (session.state() as Partial<SignedInState>).renewal === 'renewing') {
      await atMost(
        PATIENCE,
        session.lock(async () => {}),
      ).catch(() => {})
    }
    // Beginning may have waited: for the start, a renewal, or another sign-in.
    if (client.signOuts !== signOuts) throw signedOut()
    const failure = client.storageFailure()
    if (failure && !via) throw failure
    return prepared
  }
  try {
    const prepared = prepare()
    prepared.catch(() => {})
    if (!via) {
      const { url, state } = await prepared
      client.closing.signal.throwIfAborted()
      claimCallback(client, state)
      noteLeave(page)
      const { signal } = client.closing
      return await redirect(client.navigate, page.on, url, signal, (interrupt) => {
        client.redirecting = { at: Date.now(), interrupt }
      }).finally(() => {
        client.redirecting = undefined
        // A page whose client was closed still leaves.
        if (!signal.aborted) releaseCallback(client)
      })
    }
    // If this page does not answer, because it was suspended say, the popup completes the sign-in itself.
    const parameters = await via(prepared, client.closing.signal)
    // The sign-out deleted what the response belongs to: it would be taken for a forged one.
    if (client.signOuts !== signOuts) throw signedOut()
    if (!(parameters instanceof URLSearchParams)) {
      throw new AuthError('config', 'signIn: "via" has to be what popup() returns.')
    }
    const completed = await completeCallback(client, parameters).catch((error) => {
      // The same for one in another tab.
      throw error.code === 'callback_state' && session.ended() !== since ? signedOut() : error
    })
    if (completed?.error) throw completed.error
    session.show(null)
    session.announce()
  } catch (reason) {
    isOver = true
    // The app's own `via` may reject with anything, even with nothing.
    const error = reason instanceof AuthError ? reason : interrupted()
    // If the client was closed while the page was leaving, the callback still needs the stored metadata.
    if (isLeaving && !client.closing.signal.aborted) {
      // Counted, so that an app that signs in again at each failure does not loop. A mistake in the call
      // is not counted: its own error has to be seen.
      if (error.code !== 'config') noteFailure(client)
      session.forgetProvider()
      // A page out of the back/forward cache shows first what has become of its session.
      if (session.state().status === 'starting') await session.revalidate()
      dispatch({ type: 'returned', error, warning: session.warning() })
    }
    throw reason
  }
}

/**
 * Puts together what a sign-in of this client asks for.
 *
 * @param key the {@link tokenKey} of the access token that the code is redeemed for
 * @throws {AuthError} `origin_not_allowed`
 */
export function targetOf(
  { options, page, session }: Client,
  request: SignInRequest,
  key: string = keyOf(options.resources, request.url, page.base()),
): SignInTarget {
  const { resources, redirectUri, scope } = options
  const { claims, tokens = {} } = session.current() ?? {}
  // CyberArk lists "openid" as granted even without an ID token: repeating it would ask for one.
  const granted = Object.values(tokens)
    .flatMap((token) => token?.scope ?? [])
    .filter((word) => claims || word !== 'openid')
  return {
    redirectUri,
    scope: uniqueScope([
      ...scope,
      ...resources.flatMap((listed) => listed.scope),
      ...(request.scope ?? []),
      // A step-up adds to what was granted before, for whichever token.
      ...(request.sameUser ? granted : []),
    ]),
    resource: resources.flatMap((listed) => listed.resource ?? []),
    audience:
      (tokenParameters(key) as { audience?: string }).audience ??
      resources.find((listed) => listed.audience)?.audience,
    tokenKey: key,
    returnTo: request.returnTo === undefined ? null : returnUrl(request.returnTo, page.href()),
  }
}

/** The code is redeemed for the session's own token, unless every resource has one of its own. */
function keyOf(
  resources: readonly ListedResource[],
  url: string | URL | undefined,
  base: string,
): string {
  if (url !== undefined) return tokenKey(matchResource(resources, `${url}`, base))
  const keys = resources.map(tokenKey)
  return keys.includes('') ? '' : (keys[0] ?? '')
}

/** Where to bring the user back to: a URL of this origin, in parsed form. Anything else becomes `/`. */
export function returnUrl(value: string | URL, page: string): string {
  const own = `${new URL(page).origin}/`
  const url = parseUrl(value, page)?.href ?? own
  return url.startsWith(own) ? url : own
}
