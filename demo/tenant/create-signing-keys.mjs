import {
  CompactSign,
  calculateJwkThumbprint,
  compactVerify,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
} from 'jose'

/**
 * The RSA keys of a tenant, shared by its apps.
 *
 * @typedef {object} SigningKeys
 * @property {(claims: object, header?: object) => Promise<string>} sign a JWT with the current key
 * @property {(jwt: string) => Promise<Record<string, unknown> | undefined>} verify the claims of a
 *   JWT that one of the keys has signed; times are not looked at
 * @property {() => { keys: object[] }} publicKeys the JWKS document
 * @property {() => Promise<object>} privateKey the current key as a private JWK
 * @property {(options?: { keepPrevious?: boolean }) => Promise<void>} rotate
 */

/** @returns {Promise<SigningKeys>} */
export async function createSigningKeys() {
  let current = await createKey()
  let published = [current]
  return {
    sign(claims, more) {
      const header = { typ: 'JWT', alg: 'RS256', kid: current.jwk.kid, ...more }
      const payload = new TextEncoder().encode(JSON.stringify(claims))
      return new CompactSign(payload).setProtectedHeader(header).sign(current.privateKey)
    },
    async verify(jwt) {
      try {
        const keys = createLocalJWKSet({ keys: published.map(({ jwk }) => jwk) })
        const { payload } = await compactVerify(jwt, keys, { algorithms: ['RS256'] })
        return JSON.parse(new TextDecoder().decode(payload))
      } catch {
        return undefined
      }
    },
    publicKeys: () => ({ keys: published.map(({ jwk }) => jwk) }),
    privateKey: async () => ({ ...(await exportJWK(current.privateKey)), ...current.jwk }),
    async rotate({ keepPrevious = true } = {}) {
      current = await createKey()
      published = keepPrevious ? [current, ...published] : [current]
    },
  }
}

async function createKey() {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const { n = '', e = '' } = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint({ kty: 'RSA', n, e })
  return {
    privateKey,
    jwk: { use: 'sig', n, kid, kty: /** @type {const} */ ('RSA'), alg: 'RS256', e },
  }
}
