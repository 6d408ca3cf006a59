import { AuthError } from '../errors.js'
import { redirect } from '../navigation/redirect.js'
import { beginSignIn } from '../session/begin-sign-in.js'
import { tokenKey } from '../session/records.js'
import type { SignInRequest } from '../types.js'
import type { Client } from './create-client.js'
import { assertScope } from './resolve-options.js'
import { returnUrl } from './return-url.js'

/**
 * Sends the user to the provider, and stays pending while the page leaves.
 *
 * @throws {AuthError} as `Auth.signIn`
 */
export async function signIn(client: Client, request: SignInRequest): Promise<never> {
  const { options, platform, session, signInLimit } = client
  const { page, schedule } = platform
  const { context } = session
  await page.whenShown()
  if (page.isFramedByStranger()) {
    throw new AuthError(
      'config',
      'signIn: this page is inside a frame of another site; open it in a window of its own.',
    )
  }
  signInLimit.assertNoLoop()
  context.dispatch({ type: 'leaving' })
  try {
    const { durable, warning } = await client.openStorage()
    if (!durable) throw warning
    const url = await beginSignIn(context, targetOf(client, request), request)
    return await redirect(
      {
        schedule,
        navigate: page.navigate,
        onRestored: (task) => page.on('restored', task),
      },
      url,
      options.allowLoopback,
    )
  } catch (error) {
    if (error instanceof AuthError) {
      const { warning } = await client.openStorage()
      context.dispatch({ type: 'returned', error, warning })
    }
    throw error
  }
}

function targetOf({ options, platform, session }: Client, request: SignInRequest) {
  const { resources } = options
  const granted = session.context.current()?.record.tokens ?? {}
  // The token of the code is the session's own, unless every resource wants one of its own.
  const shared = resources.length === 0 || resources.some((listed) => tokenKey(listed) === '')
  const key = shared ? '' : tokenKey(resources[0])
  const scope = assertScope('scope', [
    ...options.scope,
    ...resources.flatMap((listed) => listed.scope),
    ...(request.scope ?? []),
    // A step-up adds to what was granted before.
    ...(request.sameUser ? (granted[key]?.scope ?? []) : []),
  ])
  const [audience] = resources.flatMap((listed) => listed.audience ?? [])
  return {
    redirectUri: options.redirectUri,
    scope,
    resource: [...new Set(resources.flatMap((listed) => listed.resource ?? []))],
    audience,
    tokenKey: key,
    returnTo:
      request.returnTo === undefined ? null : returnUrl(request.returnTo, platform.page.href()),
  }
}
