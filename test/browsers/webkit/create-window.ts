import { setTimeout as wait } from 'node:timers/promises'
import { type CallStatus, callScript } from './run-in-page.ts'
import { type Session, WebDriverError } from './start-session.ts'

/** A step that takes longer than this has failed. */
export const STEP = 15_000

/** What a page has not done after this long, in milliseconds, it will not do before its test is over. */
const LONGEST_CALL = 45_000

/** A session, one command after the other: each is about the window that the one before chose. */
export interface Turns {
  /** Sends commands to a window, with no other in between. */
  take<Value>(handle: string, commands: (session: Session) => Promise<Value>): Promise<Value>
  /** Sends commands that are about no window. */
  takeAny<Value>(commands: (session: Session) => Promise<Value>): Promise<Value>
}

export function createTurns(session: Session): Turns {
  let last: Promise<unknown> = Promise.resolve()
  let current: string | undefined
  const next = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
  return {
    take: (handle, commands) =>
      next(async () => {
        if (current !== handle) {
          current = undefined
          await session.send('POST', '/window', { handle })
          current = handle
        }
        return commands(session)
      }),
    takeAny: (commands) => next(() => commands(session)),
  }
}

/** A window and what can be done in its page. */
export interface DriverWindow {
  readonly handle: string
  /** The address when the page was last heard of. */
  href(): string
  send: Session['send']
  /** Calls a function, or evaluates an expression, and waits for what it comes to. */
  call(source: string, given?: unknown): Promise<unknown>
  /** Calls a function with elements, which are references outside of the page; not within lists. */
  callWithElements<Value>(work: (...given: never[]) => Value, ...given: unknown[]): Promise<Value>
  /** Waits until an expression is true, in this page or in one that comes after it. */
  waitUntil(expression: string, what: string): Promise<void>
}

/**
 * A script that reaches a page which is being left may never be answered, neither by that page nor by
 * the driver's own time limit. It answers within `patience`, so one that takes this long, in
 * milliseconds, has been forgotten.
 */
const FORGOTTEN = 3_000
/** How often to look whether something holds, in milliseconds. */
const INTERVAL = 20

/** The page that a command was for is gone, or going. */
const GONE = [
  'timeout',
  'no such frame',
  'no such window',
  'javascript error',
  'script timeout',
  'stale element reference',
]
/** What this driver says of a page that went before its script had answered: this, or not a word. */
const UNANSWERED = /Could not parse script result|^unknown error: $/
const isGone = ({ code, message }: WebDriverError) =>
  GONE.includes(code) || UNANSWERED.test(message)

let calls = 0

export function createWindow(turns: Turns, handle: string): DriverWindow {
  let href = 'about:blank'
  const patience = 40

  async function follow(script: string, id: number, isFirst: boolean, given: unknown) {
    const status = await turns.take(handle, ({ send }) =>
      send(
        'POST',
        '/execute/async',
        { script, args: [id, isFirst, given ?? null, patience] },
        FORGOTTEN,
      ),
    )
    href = (status as CallStatus).href
    return status as CallStatus
  }

  async function settle(script: string, given: unknown): Promise<CallStatus> {
    const id = ++calls
    const begun = performance.now()
    for (let isFirst = true; ; isFirst = false) {
      const passed = performance.now() - begun
      if (passed > LONGEST_CALL) throw new Error(`Not within ${LONGEST_CALL} ms: ${script}`)
      try {
        const status = await follow(script, id, isFirst, isFirst ? given : null)
        if (!status.pending) return status
      } catch (error) {
        // A page that stood still has the call, and one that was left does not know of it.
        const isLate = error instanceof WebDriverError && error.code === 'timeout'
        if (!isLate || passed > STEP) throw error
      }
    }
  }

  async function call(source: string, given?: unknown): Promise<unknown> {
    const status = await settle(callScript(source), given)
    if (status.lost) throw new Error('The page was left before the call had ended.')
    if (typeof status.error === 'string') throw new Error(status.error)
    // What JSON has no word for has become `null` on the way.
    return typeof status.value === 'string' ? JSON.parse(status.value) : undefined
  }

  async function waitUntil(expression: string, what: string): Promise<void> {
    const deadline = performance.now() + STEP
    let trouble: unknown
    while (performance.now() < deadline) {
      try {
        if (await call(`(${isTrue})(() => (${expression}))`)) return
        await wait(INTERVAL)
      } catch (error) {
        if (error instanceof WebDriverError && !isGone(error)) throw error
        trouble = error
        await wait(5)
      }
    }
    throw new Error(`${what}: not within ${STEP} ms.`, { cause: trouble })
  }

  return {
    handle,
    href: () => href,
    send: (...command) => turns.take(handle, ({ send }) => send(...command)),
    call,
    async callWithElements<Value>(work: (...given: never[]) => Value, ...given: unknown[]) {
      const script = `return [location.href, (${work})(...arguments)]`
      const answer = await turns.take(handle, ({ send }) =>
        send('POST', '/execute/sync', { script, args: given }, FORGOTTEN),
      )
      href = (answer as [string, Value])[0]
      return (answer as [string, Value])[1]
    },
    waitUntil,
  }
}

/**
 * Runs in the page. It looks once: the page of a window that another one opened takes over the global
 * object of the empty page that was there before (HTML, "initial about:blank"), and with it the call, but
 * not its timers.
 */
async function isTrue(holds: () => unknown): Promise<boolean> {
  const holder = holds()
  return !!(await (typeof holder === 'function' ? holder() : holder))
}
