/**
 * What runs in a page before anything of the page does: keeps book of all that a library could leave
 * behind or say where others listen. Serialised into the browser, so it uses nothing from outside.
 */
export function watchPage(): void {
  if (window !== top) return
  const native = {
    setTimeout: setTimeout.bind(window),
    clearTimeout: clearTimeout.bind(window),
    setInterval: setInterval.bind(window),
    clearInterval: clearInterval.bind(window),
  }
  const messages: string[] = []
  const timers = new Map<unknown, string>()
  const listeners = new Map<object, string>()
  const channels = new Set<BroadcastChannel>()
  let armed = false

  const text = (value: unknown): string => {
    try {
      return JSON.stringify(value) ?? String(value)
    } catch {
      return String(value)
    }
  }

  window.setTimeout = ((task: TimerHandler, wait?: number, ...rest: unknown[]) => {
    const run = (...given: unknown[]) => {
      timers.delete(id)
      if (typeof task === 'function') task(...given)
    }
    const id = native.setTimeout(run, wait, ...rest)
    if (armed) timers.set(id, `timer of ${wait} ms`)
    return id
  }) as never
  window.setInterval = ((task: TimerHandler, wait?: number, ...rest: unknown[]) => {
    const id = native.setInterval(task, wait, ...rest)
    if (armed) timers.set(id, `interval of ${wait} ms`)
    return id
  }) as never
  window.clearTimeout = (id) => {
    timers.delete(id)
    native.clearTimeout(id)
  }
  window.clearInterval = (id) => {
    timers.delete(id)
    native.clearInterval(id)
  }

  const { addEventListener, removeEventListener } = EventTarget.prototype
  type Added = { target: WeakRef<EventTarget>; type: string; listener: unknown; capture: boolean }
  const isCapture = (options: unknown) =>
    typeof options === 'object' ? !!(options as AddEventListenerOptions)?.capture : !!options
  const forget = (gone: Added) => {
    for (const known of listeners.keys()) {
      const { target, type, listener, capture } = known as Added
      const same = target.deref() === gone.target.deref() && listener === gone.listener
      if (same && type === gone.type && capture === gone.capture) listeners.delete(known)
    }
  }
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const on = this ?? window
    const entry: Added = {
      target: new WeakRef(on),
      type,
      listener,
      capture: isCapture(options),
    }
    const { signal, once } = typeof options === 'object' && options ? options : {}
    if (armed && !signal?.aborted) {
      listeners.set(entry, `listener for ${type} on ${on.constructor.name}`)
      const end = () => forget(entry)
      if (signal) addEventListener.call(signal, 'abort', end)
      if (once) addEventListener.call(on, type, end)
    }
    return addEventListener.call(on, type, listener, options)
  }
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const on = this ?? window
    forget({ target: new WeakRef(on), type, listener, capture: isCapture(options) })
    return removeEventListener.call(on, type, listener, options)
  }

  const NativeChannel = BroadcastChannel
  const { postMessage, close } = NativeChannel.prototype
  window.BroadcastChannel = class extends NativeChannel {
    constructor(name: string) {
      super(name)
      if (armed) channels.add(this)
      messages.push(`channel ${name}`)
    }
  }
  NativeChannel.prototype.postMessage = function (message) {
    messages.push(text(message))
    return postMessage.call(this, message)
  }
  NativeChannel.prototype.close = function () {
    channels.delete(this)
    return close.call(this)
  }
  for (const owner of [window, MessagePort.prototype, Worker.prototype]) {
    const send = owner.postMessage as (...all: unknown[]) => void
    owner.postMessage = function (this: unknown, ...all: unknown[]) {
      messages.push(text(all[0]))
      return send.apply(this ?? window, all)
    } as never
  }
  for (const name of ['pushState', 'replaceState'] as const) {
    const change = History.prototype[name]
    History.prototype[name] = function (state, unused, url) {
      messages.push(`history ${text(state)} ${url}`)
      return change.call(this, state, unused, url)
    }
  }

  /** Everything on the prototypes that code of all kinds shares. */
  const prototypes = () => {
    const found: unknown[] = []
    for (const { prototype } of [Object, Array, Function, Promise, String, Map, RegExp]) {
      for (const key of Reflect.ownKeys(prototype)) {
        const { value, get, set } = Object.getOwnPropertyDescriptor(prototype, key) ?? {}
        found.push(prototype, key, value, get, set)
      }
    }
    return found
  }
  const before = prototypes()

  const storedText = (value: unknown): string => {
    if (value instanceof CryptoKey) return value.extractable ? 'EXTRACTABLE KEY' : 'key'
    const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value
    if (bytes instanceof Uint8Array) return new TextDecoder('latin1').decode(bytes)
    if (typeof value !== 'object' || value === null) return String(value)
    return Object.entries(value)
      .map(([name, member]) => `${name}=${storedText(member)}`)
      .join(' ')
  }
  const request = <Value>(asked: IDBRequest<Value>): Promise<Value> =>
    new Promise((resolve, reject) => {
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = () => reject(asked.error)
    })
  const readDatabases = async (): Promise<string> => {
    const found: string[] = []
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await request(indexedDB.open(name))
      for (const store of database.objectStoreNames) {
        const records = database.transaction(store).objectStore(store)
        const [keys, values] = [records.getAllKeys(), records.getAll()]
        found.push(name, storedText(await request(keys)), storedText(await request(values)))
      }
      database.close()
    }
    return found.join(' ')
  }

  Object.assign(window, {
    __watch: {
      arm() {
        armed = true
      },
      arePrototypesClean() {
        const after = prototypes()
        return after.length === before.length && after.every((value, at) => value === before[at])
      },
      /** What is there to read for anybody who looks into the page, by where it is. */
      async readPage(): Promise<Record<string, string>> {
        return {
          address: location.href,
          'window.name': window.name,
          document: document.documentElement.outerHTML,
          'history.state': text(history.state),
          cookies: document.cookie,
          localStorage: text({ ...localStorage }),
          sessionStorage: text({ ...sessionStorage }),
          messages: messages.join('\n'),
          marks: text([
            ...performance.getEntriesByType('mark'),
            ...performance.getEntriesByType('measure'),
          ]),
          resources: text(performance.getEntriesByType('resource').map(({ name }) => name)),
          caches: text(await caches.keys()),
          IndexedDB: await readDatabases(),
        }
      },
      /** The names of all that is stored. */
      async storedNames(): Promise<string[]> {
        return [
          ...document.cookie.split('; ').map((each) => each.split('=')[0] ?? ''),
          ...Object.keys(localStorage),
          ...Object.keys(sessionStorage),
          ...(await caches.keys()),
          ...(await indexedDB.databases()).map(({ name = '' }) => name),
        ].filter(Boolean)
      },
      /** What is still there when nothing should be; looked at again for a moment, as it goes. */
      async leftOvers(): Promise<string[]> {
        const look = async () => {
          const { held = [], pending = [] } = await navigator.locks.query()
          return [
            ...timers.values(),
            ...[...listeners]
              .filter(([added]) => (added as Added).target.deref())
              .map(([, what]) => what),
            ...[...channels].map(({ name }) => `channel ${name}`),
            ...[...held, ...pending].map(({ name }) => `lock ${name}`),
            ...[...document.querySelectorAll('iframe')].map(({ src }) => `frame ${src}`),
          ]
        }
        for (let tries = 0; ; tries++) {
          const found = await look()
          if (found.length === 0 || tries === 250) return found
          await new Promise((resolve) => native.setTimeout(resolve, 20))
        }
      },
    },
  })
}

declare global {
  interface Window {
    readonly __watch: Watch
  }
}

/** The functions that {@link watchPage} leaves in a page. */
interface Watch {
  arm(): void
  arePrototypesClean(): boolean
  readPage(): Promise<Record<string, string>>
  storedNames(): Promise<string[]>
  leftOvers(): Promise<string[]>
}
