import { AuthError } from '../errors.js'
import type { BoundSession } from '../types/capabilities.js'

const KEY_PAIR = 'key pair'

/**
 * Gives the key pair of the session, kept beside it and made where nobody is signed in yet. It is
 * read again for each version of the session, since another tab may have signed out and in.
 *
 * @param generate makes a key pair that cannot be exported
 * @throws {AuthError} `session_expired` where a session has lost its key, `storage_unavailable`
 */
export function keepKeyPair(
  { current, records, end }: BoundSession,
  generate: () => Promise<CryptoKeyPair>,
): () => Promise<CryptoKeyPair> {
  let known: { readonly pair: CryptoKeyPair; readonly version: string | undefined } | undefined
  let isHeld = false

  return async () => {
    const session = current()
    if (known && isHeld && session && known.version === session.version) return known.pair
    // Where storage was emptied, the page's own key is as good as ever.
    const pair = session
      ? ((await records(read).catch(() => {})) ?? known?.pair)
      : ((await records(read)) ?? (await make()))
    if (!pair) {
      const error = new AuthError('session_expired', 'The key of this session is gone.')
      await end(error)
      throw error
    }
    known = { pair, version: session?.version }
    isHeld = !!session
    return pair
  }

  async function make(): Promise<CryptoKeyPair> {
    const made = await generate()
    // Of several tabs that make one, the first counts.
    return records((all) => {
      const pair = read(all) ?? made
      all.set(KEY_PAIR, pair)
      return pair
    })
  }
}

function read(all: Map<string, unknown>): CryptoKeyPair | undefined {
  const kept = all.get(KEY_PAIR) as Partial<CryptoKeyPair> | undefined
  return kept?.privateKey instanceof CryptoKey ? (kept as CryptoKeyPair) : undefined
}
