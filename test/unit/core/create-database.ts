/** As much of a database as pages need that take turns: happy-dom has none. */
export function createDatabase() {
  const all = new Map<string, unknown>()
  const store = {
    getAllKeys: () => ({ result: [...all.keys()] }),
    getAll() {
      const values = { result: [...all.values()], onsuccess() {} }
      setTimeout(() => values.onsuccess())
      return values
    },
    put: (value: unknown, key: string) => all.set(key, value),
    delete: (key: string) => all.delete(key),
  }
  const transaction = () => {
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
      const opening = { result: { transaction, close() {} }, onsuccess() {} }
      setTimeout(() => opening.onsuccess())
      return opening
    },
  }
}
