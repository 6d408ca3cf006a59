import { AuthError, signedOut } from '../errors.js'
import type { Purpose, TokenBindingPorts } from '../protocol/create-token-binding.js'
import { EPOCH, SESSION } from '../session/records.js'
import type { BoundSession } from '../types/capabilities.js'

const KEY_PAIR = 'key pair'

/**
 * Gives the key pair of the session, which is stored beside it. It is read again for each version of the
 * session, since another tab may have signed out and in, and whenever tokens are requested, since the
 * page may not have heard of that yet.
 *
 * Only a sign-in that begins makes a new one: otherwise a key could be left after a sign-out.
 *
 * @param generate makes a key pair that cannot be exported
 * @throws {AuthError} `session_expired` if the session has lost its key, `signed_out` if it is over,
 *   `storage_unavailable`
 */
export function keepKeyPair(
  { current, records, end }: BoundSession,
  generate: () => Promise<CryptoKeyPair>,
): TokenBindingPorts['keyPair'] {
  let known:
    | {
        readonly pair: CryptoKeyPair
        readonly version: string | undefined
        /** The session that it is of; none while the sign-in is under way. */
        readonly sessionId: string | undefined
      }
    | undefined

  return async (purpose) => {
    const session = current()
    if (purpose === 'call' && !session) throw signedOut()
    const isKnown = !!session && !!known?.sessionId && known.version === session.version
    if (known && isKnown && purpose === 'call') return known.pair
    const pair = await find(purpose)
    if (!pair) {
      if (!session) throw signedOut()
      const error = new AuthError('session_expired', 'The key of this session is gone.')
      await end(error)
      throw error
    }
    // Calls of this session keep the key that they have.
    if (isKnown) return pair
    known = { pair, version: session?.version, sessionId: session?.sessionId }
    return pair
  }

  async function find(purpose: Purpose): Promise<CryptoKeyPair | undefined> {
    const session = current()
    // If each tab has a session of its own, the stored key may be another tab's.
    const own = session && !session.version ? known?.pair : undefined
    const look = (all: Map<string, unknown>) => {
      if (!own || all.has(SESSION)) return read(all)
      // Stored for the page that the sign-in comes back to.
      if (purpose !== 'call') all.set(KEY_PAIR, own)
      return own
    }
    // If there is a session but no key anywhere, none is made: the session is over, and the caller ends it.
    if (purpose === 'begin')
      return (await records(look)) ?? (session && !known ? undefined : make())
    if (!session) return records(read)
    // The session may be of a sign-in in another tab: the page's own key is then of no use.
    const kept = known?.sessionId === session.sessionId ? known.pair : undefined
    const found = await records(look).catch((error) => {
      // A key that could not be read is not gone.
      if (!kept) throw error
    })
    // If the storage was emptied, the page's own key is still valid.
    return found ?? kept
  }

  async function make(): Promise<CryptoKeyPair> {
    const made = await generate()
    return records((all) => {
      // A sign-out deletes the session and leaves a count. Without a count, the storage was emptied.
      const isOver = all.has(EPOCH) && !all.has(SESSION)
      const own = current() && known?.sessionId && !isOver ? known.pair : undefined
      // If several tabs make a key at once, the first one stored counts.
      const pair = read(all) ?? own ?? made
      all.set(KEY_PAIR, pair)
      return pair
    })
  }
}

/** Reads the stored key pair; `undefined` for anything but an ES256 pair that cannot be exported. */
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
