import { AuthError } from '../errors.js'
import {
  type Purpose,
  signedOut,
  type TokenBindingPorts,
} from '../protocol/create-token-binding.js'
import { EPOCH, SESSION } from '../session/records.js'
import type { BoundSession } from '../types/capabilities.js'

const KEY_PAIR = 'key pair'

/**
 * Gives the key pair of the session, kept beside it. It is read again for each version of the
 * session, since another tab may have signed out and in, and whenever tokens are asked for: the page
 * may not have heard of that yet.
 *
 * A new one is made by a sign-in that begins, and by nothing else: it would outlive the sign-out.
 *
 * @param generate makes a key pair that cannot be exported
 * @throws {AuthError} `session_expired` where a session has lost its key, `signed_out` where it is
 *   over, `storage_unavailable`
 */
export function keepKeyPair(
  { current, records, end }: BoundSession,
  generate: () => Promise<CryptoKeyPair>,
): TokenBindingPorts['keyPair'] {
  let known: { readonly pair: CryptoKeyPair; readonly version: string | undefined } | undefined
  let isHeld = false

  return async (purpose) => {
    const session = current()
    if (purpose === 'call' && !session) throw signedOut()
    const isKnown = !!known && isHeld && !!session && known.version === session.version
    if (known && isKnown && purpose === 'call') return known.pair
    const pair = await find(purpose)
    if (!pair) {
      if (!session) throw signedOut()
      const error = new AuthError('session_expired', 'The key of this session is gone.')
      await end(error)
      throw error
    }
    // The calls of a session go on with its own.
    if (isKnown) return pair
    known = { pair, version: session?.version }
    isHeld = !!session
    return pair
  }

  async function find(purpose: Purpose): Promise<CryptoKeyPair | undefined> {
    const session = current()
    // Where each tab has a session of its own, the key of another's is none of it.
    const own = session && !session.version ? known?.pair : undefined
    const look = (all: Map<string, unknown>) => {
      if (!own || all.has(SESSION)) return read(all)
      // The page that a sign-in comes back to has to find it.
      if (purpose !== 'call') all.set(KEY_PAIR, own)
      return own
    }
    // A session whose key nobody has is over, and says so.
    if (purpose === 'begin')
      return (await records(look)) ?? (session && !known ? undefined : make())
    if (!session) return records(read)
    // Where storage was emptied, the page's own key is as good as ever.
    return (await records(look).catch(orKnown)) ?? known?.pair
  }

  /** What could not be read is not gone. */
  function orKnown(error: unknown): undefined {
    if (!known) throw error
  }

  async function make(): Promise<CryptoKeyPair> {
    const made = await generate()
    return records((all) => {
      // Who signs out takes the session and leaves a count: otherwise storage was emptied behind our back.
      const isOver = all.has(EPOCH) && !all.has(SESSION)
      const own = current() && isHeld && !isOver ? known?.pair : undefined
      // Of several tabs that make one, the first counts.
      const pair = read(all) ?? own ?? made
      all.set(KEY_PAIR, pair)
      return pair
    })
  }
}

/** Anything but a key pair such as ours (ES256, not to be exported) is none. */
function read(all: Map<string, unknown>): CryptoKeyPair | undefined {
  const kept = all.get(KEY_PAIR) as CryptoKeyPair | undefined
  return isFor(kept?.privateKey, 'sign') && isFor(kept?.publicKey, 'verify') ? kept : undefined
}

function isFor(key: CryptoKey | undefined, usage: KeyUsage): boolean {
  return (
    key instanceof CryptoKey &&
    (key.algorithm as EcKeyAlgorithm).namedCurve === 'P-256' &&
    key.usages.includes(usage) &&
    key.extractable === (usage === 'verify')
  )
}
