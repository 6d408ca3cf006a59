/**
 * Where oidc-provider keeps its codes, grants and tokens: a map per app, gone with the process. Its
 * own in-memory adapter is one store for all providers of a process and cannot be emptied.
 *
 * @typedef {object} MemoryStorage
 * @property {(model: string) => object} adapter what oidc-provider asks for, one per model
 * @property {() => void} clear
 */

/**
 * @param {(clientId: string) => object | undefined} findClient looked up at every request, so that
 *   redirect URIs can be registered while the tenant runs
 * @returns {MemoryStorage}
 */
export function createMemoryStorage(findClient) {
  /** @type {Map<string, { payload: any, expiresAt: number }>} */
  const entries = new Map()
  return {
    adapter: (model) => (model === 'Client' ? { find: findClient } : createAdapter(entries, model)),
    clear: () => entries.clear(),
  }
}

/**
 * @param {Map<string, { payload: any, expiresAt: number }>} entries
 * @param {string} model
 */
function createAdapter(entries, model) {
  const key = (/** @type {string} */ id) => `${model}:${id}`
  const find = async (/** @type {string} */ id) => {
    const entry = entries.get(key(id))
    if (entry === undefined || entry.expiresAt > Date.now()) return entry?.payload
    entries.delete(key(id))
    return undefined
  }
  return {
    find,
    async upsert(/** @type {string} */ id, /** @type {object} */ payload, expiresIn = Infinity) {
      entries.set(key(id), { payload, expiresAt: Date.now() + expiresIn * 1000 })
    },
    async consume(/** @type {string} */ id) {
      const payload = await find(id)
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
    },
    async destroy(/** @type {string} */ id) {
      entries.delete(key(id))
    },
    async revokeByGrantId(/** @type {string} */ grantId) {
      for (const [id, { payload }] of entries) {
        if (id.startsWith(key('')) && payload.grantId === grantId) entries.delete(id)
      }
    },
  }
}
