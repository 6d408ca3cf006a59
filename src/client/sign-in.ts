import { AuthError } from '../errors.js'
import { type ListedResource, matchResource } from '../http/match-resource.js'
import { redirect } from '../navigation/redirect.js'
import { assertOnline } from '../session/assert-online.js'
import { beginSignIn, type SignInTarget } from '../session/begin-sign-in.js'
import { signedOut } from '../session/keep-session.js'
import { tokenKey, tokenParameters } from '../session/records.js'
import type { SignInRequest } from '../types/requests.js'
import { claimCallback } from './claim-callback.js'
import type { Client } from './client.js'
import { completeCallback } from './complete-callback.js'
import { assertNoLoop, noteFailure, noteLeave } from './limit-sign-ins.js'
import { uniqueScope } from './resolve-options.js'

/**
 * Sends the user to the provider, and stays pending while the page leaves.
 *
 * @param signOuts `client.signOuts` as it was when the sign-in was asked for
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
  let left = false
  let isOver = false
  const prepare = async () => {
    await page.whenShown()
    if (!via && !globalThis.location) {
      throw new AuthError(
        'config',
        'signIn: there is no page here, as on a server: call it in the browser.',
      )
    }
    if (page.isFramed()) {
      throw new AuthError(
        'config',
        'signIn: this page is in a frame of another site; open it alone.',
      )
    }
    assertNoLoop(client)
    // Otherwise the browser's own error page would take the place of the app.
    if (!client.options.allowLoopback) assertOnline()
    // A window of the app's own making may have failed at once.
    if (isOver) throw signedOut()
    dispatch({ type: 'leaving' })
    left = true
    const prepared = await beginSignIn(session, targetOf(client, request), request)
    // It may have waited: for the start, for a renewal, for another sign-in.
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
        client.left = { at: Date.now(), interrupt }
      }).finally(() => {
        client.left = undefined
      })
    }
    // Its window completes it itself where this page does not answer, as when it was suspended.
    const parameters = await via(prepared, client.closing.signal)
    if (!(parameters instanceof URLSearchParams)) {
      throw new AuthError('config', 'signIn: "via" has to be what popup() gives.')
    }
    const completed = await completeCallback(client, parameters)
    if (completed?.error) throw completed.error
    session.show(null)
    session.announce()
  } catch (error) {
    isOver = true
    // The callback of a page that was closed on its way needs what is known of the provider.
    if (left && !client.closing.signal.aborted) {
      // Who calls it again at each failure would call it for ever. A mistake in the call is another
      // matter, and has to be seen.
      if ((error as AuthError).code !== 'config') noteFailure(client)
      session.forgetProvider()
      dispatch({ type: 'returned', error: error as AuthError })
    }
    throw error
  }
}

/**
 * What a sign-in of this client asks for.
 *
 * @param key what the access token of the code is for
 * @throws {AuthError} `origin_not_allowed`
 */
export function targetOf(
  { options, page, session }: Client,
  request: SignInRequest,
  key: string = keyOf(options.resources, request.url, page.base()),
): SignInTarget {
  const { resources, redirectUri, scope } = options
  const { claims, tokens = {} } = session.current() ?? {}
  // CyberArk grants "openid" to whom it gives no ID token: that would be asking for one.
  const granted = Object.values(tokens)
    .flatMap((token) => token?.scope ?? [])
    .filter((word) => claims || word !== 'openid')
  return {
    redirectUri,
    scope: uniqueScope([
      ...scope,
      ...resources.flatMap((listed) => listed.scope),
      ...(request.scope ?? []),
      // A step-up adds to what was granted before, to whichever token.
      ...(request.sameUser ? granted : []),
    ]),
    resource: [...new Set(resources.flatMap((listed) => listed.resource ?? []))],
    audience:
      (tokenParameters(key) as { audience?: string }).audience ??
      resources.find((listed) => listed.audience)?.audience,
    tokenKey: key,
    returnTo: request.returnTo === undefined ? null : returnUrl(request.returnTo, page.href()),
  }
}

/** The token of the code is the session's own, unless every resource wants one of its own. */
function keyOf(
  resources: readonly ListedResource[],
  url: string | URL | undefined,
  base: string,
): string {
  if (url !== undefined) return tokenKey(matchResource(resources, `${url}`, base))
  const keys = resources.map(tokenKey)
  return keys.includes('') ? '' : (keys[0] ?? '')
}

/**
 * Where the app may be brought back to: a URL of this origin, in parsed form. Anything else, such as
 * another origin in any disguise, becomes `/`.
 */
function returnUrl(value: string, page: string): string {
  const own = `${new URL(page).origin}/`
  const url = URL.canParse(value, page) ? new URL(value, page).href : own
  return url.startsWith(own) ? url : own
}
