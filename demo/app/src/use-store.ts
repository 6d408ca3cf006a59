import { useLayoutEffect, useState } from 'preact/hooks'

interface Watchable<T> {
  readonly subscribe: (listener: (value: T) => void) => () => void
}

/** The value of anything that calls a new subscriber at once, such as `auth` or a store. */
export function useStore<T>(store: Watchable<T>, initial: T): T {
  const [value, setValue] = useState<T>(initial)
  useLayoutEffect(() => store.subscribe((next) => setValue(() => next)), [store])
  return value
}
