/** What a call in the page came to, or `pending`. */
export interface CallStatus {
  readonly href: string
  /** JSON, so that it is the same in all engines. */
  readonly value?: string | undefined
  readonly error?: string
  readonly pending?: true
  /** The page that the call was made in is gone. */
  readonly lost?: true
}

/**
 * The script of a call in a page. It answers once the call has settled, or after `patience`
 * milliseconds with `pending`; asked again, it goes on to wait. A long wait in one command would let
 * no other page of the session have its turn.
 *
 * @param source a function, or an expression
 */
export function callScript(source: string): string {
  return `(${followCall})(() => (${source}), ...arguments)`
}

/** Runs in the page. */
function followCall(
  read: () => unknown,
  id: number,
  isFirst: boolean,
  given: unknown,
  patience: number,
  answer: (status: CallStatus) => void,
): void {
  const key = Symbol.for('calls of the test driver')
  const scope = globalThis as never as Record<symbol, Map<number, Promise<object>> | undefined>
  if (!scope[key]) Object.defineProperty(globalThis, key, { value: new Map() })
  const calls = scope[key] as Map<number, Promise<object>>
  const say = (status: object) => answer({ href: location.href, ...status })
  let call = calls.get(id)
  if (!call) {
    if (!isFirst) {
      say({ lost: true })
      return
    }
    const start = async () => {
      const work = read()
      return { value: JSON.stringify(await (typeof work === 'function' ? work(given) : work)) }
    }
    call = start().catch((error) => ({
      error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    }))
    calls.set(id, call)
  }
  const pause = new Promise<object>((resolve) => {
    setTimeout(resolve, patience, { pending: true })
  })
  void Promise.race([call, pause]).then((status) => {
    if (!('pending' in status)) calls.delete(id)
    say(status)
  })
}
