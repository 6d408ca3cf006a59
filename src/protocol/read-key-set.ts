import { AuthError } from '../errors.js'
import { ownMembers, stringsOf, textOf } from './own-members.js'

/** A public key of a provider (RFC 7517 §4), with the members that verification needs. */
export interface PublicKey {
  readonly kty: string
  readonly [member: string]: string | readonly string[]
}

/** A provider's key set (RFC 7517 §5). */
export interface KeySet {
  readonly keys: readonly PublicKey[]
}

const MEMBERS = ['kid', 'use', 'alg', 'n', 'e', 'crv', 'x', 'y']

/**
 * Validates a key set and keeps its public members. Entries that are no key are left out; whether a
 * key fits a token is decided when one is verified.
 *
 * @throws {AuthError} `discovery_invalid`
 */
export function readKeySet(document: unknown): KeySet {
  const entries = ownMembers(document)?.keys
  if (!Array.isArray(entries)) {
    throw new AuthError('discovery_invalid', "The provider's key set has no list of keys.")
  }
  return { keys: entries.flatMap(readKey) }
}

function readKey(entry: unknown): PublicKey[] {
  const source = ownMembers(entry)
  const kty = textOf(source?.kty)
  if (!source || !kty) return []
  const key: Record<string, string | readonly string[]> = { kty }
  for (const name of MEMBERS) {
    const value = source[name]
    if (value === undefined) continue
    if (typeof value !== 'string') return []
    key[name] = value
  }
  if (source.key_ops !== undefined) {
    const operations = stringsOf(source.key_ops)
    if (!operations) return []
    key.key_ops = operations
  }
  return [key as PublicKey]
}
