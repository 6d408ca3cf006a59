/**
 * Authorization requests that apps have sent ahead (RFC 9126), until they are used.
 *
 * @typedef {object} PushedRequests
 * @property {(uri: string, request: PushedRequest) => void} keep
 * @property {(query: URLSearchParams, bounce: import('./bounces.mjs').Bounce | undefined) =>
 *   URLSearchParams | undefined} read what a query asks for: itself, or what was pushed before;
 *   nothing where that is over. Whoever has begun to sign in for it may take her time
 * @property {(query: URLSearchParams) => void} use
 */

/** @typedef {{ clientId: string, parameters: URLSearchParams, expiresAt: number }} PushedRequest */

/** @returns {PushedRequests} */
export function createPushedRequests() {
  /** @type {Map<string, PushedRequest>} */
  const requests = new Map()
  return {
    keep: (uri, request) => void requests.set(uri, request),
    read(query, bounce) {
      const uri = query.get('request_uri')
      if (uri === null) return query
      const pushed = requests.get(uri)
      const isOurs = pushed?.clientId === query.get('client_id')
      const isInTime = bounce !== undefined || Number(pushed?.expiresAt) > Date.now()
      return isOurs && isInTime ? pushed?.parameters : undefined
    },
    use: (query) => void requests.delete(query.get('request_uri') ?? ''),
  }
}
