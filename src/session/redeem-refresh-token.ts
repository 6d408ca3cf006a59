import { signedOut } from '../errors.js'
import { requestTokens } from '../protocol/request-tokens.js'
import { claimRenewal } from './claim-renewal.js'
import type { Current, SessionContext } from './context.js'
import { isStill } from './is-still.js'
import type { Pace } from './keep-pace.js'
import { storeSession } from './keep-session.js'
import { reachProvider } from './reach-provider.js'
import { mainKey, type SessionRecord, type TokenRecord, tokenParameters } from './records.js'

/**
 * Sends the refresh token, and stores what comes back. Returns `undefined` if another page sends it.
 *
 * @param isToClaim whether to see to it that no other page does
 * @param note is told the session as it is stored before the answer is verified
 */
export async function redeemRefreshToken(
  context: SessionContext,
  session: Current,
  { doubtedAt }: Pace,
  key: string,
  isToClaim: boolean,
  note: (next: Current) => void,
): Promise<TokenRecord | undefined> {
  // A request that the network swallows cannot be called back: the device goes on sending it, and the
  // provider would take it, when the network is back, for a second use of the refresh token.
  if (context.isInDoubt(doubtedAt)) await reachProvider(context, session)
  const giveBack = isToClaim ? await claimRenewal(context, session) : () => {}
  if (!giveBack) return undefined
  if (!context.current()) {
    giveBack()
    throw signedOut()
  }
  const { metadata, refreshToken = '', claims: shown, original = shown } = session
  let stored = session
  const known = session.tokens[key]
  const grant = { grant_type: 'refresh_token', refresh_token: refreshToken }
  // A renewal asks for all that was granted (RFC 6749 §6).
  const asked = (known ?? session.tokens[mainKey(session)])?.scope ?? []
  const request = requestTokens(
    { ...context, metadata, keys: context.keysOf(metadata) },
    { ...tokenParameters(key), ...grant },
    asked,
    { original },
    async (next) => {
      if (!next || next === refreshToken) return
      stored = await replaceSession(context, session, { ...session, refreshToken: next })
      note(stored)
    },
  )
  request.catch(giveBack)
  const { claims, idToken, refreshToken: rotated, ...token } = await request
  // A renewal cannot grant more than the user did (RFC 6749 §6).
  const granted = new Set(known?.scope ?? token.scope)
  const scope = token.scope.filter((word) => granted.has(word))
  // If the answer names none, they are as before.
  const authorizationDetails = token.authorizationDetails.length
    ? token.authorizationDetails
    : (known?.authorizationDetails ?? [])
  const renewed = { ...token, scope, authorizationDetails }
  // Before anything else: if the tab dies first, the rotated refresh token is lost.
  await replaceSession(context, stored, {
    ...session,
    // A step-up that brought no refresh token is over: this token is of the sign-in before.
    ...(session.isOlder && { isOlder: false, answered: [] }),
    // Without a first ID token, a later one says nothing about the user of this session.
    ...(shown && { claims: claims ?? shown, idToken: idToken ?? session.idToken }),
    refreshToken: rotated ?? refreshToken,
    tokens: { ...session.tokens, [key]: renewed },
  })
  return renewed
}

/** Stores the next version of a session, unless the stored one is another by now. */
export function replaceSession(
  context: SessionContext,
  before: Current,
  record: SessionRecord,
): Promise<Current> {
  return storeSession(context, record, isStill(context, before), before)
}
