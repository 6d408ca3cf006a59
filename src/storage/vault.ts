/** A sealed record, as it lies in storage: nothing of its content can be read from it. */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>
  readonly data: ArrayBuffer
}

/** Seals and opens records with a key that cannot be exported. */
export interface Vault {
  readonly seal: (name: string, content: unknown) => Promise<Sealed>
  /** The content, or `undefined` for anything that this vault did not seal under this name. */
  readonly open: (name: string, sealed: unknown) => Promise<unknown>
}

/** A key that can only be used to derive others from. */
export async function createVaultKey(): Promise<CryptoKey> {
  const secret = crypto.getRandomValues(new Uint8Array(32))
  return crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
}

/**
 * Makes a vault. What it sealed opens only with the same key and the same marker: when the marker
 * is gone with the browser session, so is everything sealed under it.
 */
export async function createVault(key: CryptoKey, marker: string): Promise<Vault> {
  const encoder = new TextEncoder()
  const info = encoder.encode('tessera-auth')
  const derived = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: encoder.encode(marker), info },
    key,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
  return {
    async seal(name, content) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const algorithm = { name: 'AES-GCM', iv, additionalData: encoder.encode(name) }
      const text = encoder.encode(JSON.stringify(content))
      return { iv, data: await crypto.subtle.encrypt(algorithm, derived, text) }
    },
    async open(name, sealed) {
      try {
        const { iv, data } = sealed as Sealed
        const algorithm = { name: 'AES-GCM', iv, additionalData: encoder.encode(name) }
        const text = await crypto.subtle.decrypt(algorithm, derived, data)
        return JSON.parse(new TextDecoder().decode(text))
      } catch {
        return undefined
      }
    },
  }
}
