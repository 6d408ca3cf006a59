/** What may go wrong in a database: each is called before what it is named after, and may throw. */
interface Trouble {
  readonly transaction?: () => void
  readonly put?: () => void
}

/** As much of a database as pages need that take turns: happy-dom has none. */
export function createDatabase(trouble: Trouble = {}) {
  const all = new Map<string, unknown>()
  const store = {
    getAllKeys: () => ({ result: [...all.keys()] }),
    getAll() {
      const values = { result: [...all.values()], onsuccess() {} }
      setTimeout(() => values.onsuccess())
      return values
    },
    put(value: unknown, key: string) {
      trouble.put?.()
      all.set(key, value)
    },
    delete: (key: string) => all.delete(key),
  }
  const transaction = () => {
    trouble.transaction?.()
    const own = {
      oncomplete() {},
      objectStore: () => store,
      abort() {},
      commit: () => setTimeout(() => own.oncomplete()),
    }
    return own
  }
  return {
    open() {
      const objectStoreNames = { contains: () => true }
      const opening = { result: { objectStoreNames, transaction, close() {} }, onsuccess() {} }
      setTimeout(() => opening.onsuccess())
      return opening
    },
  }
}
