import type { Auth } from '../types/auth.js'
import type { AuthState } from '../types/state.js'
import { assertOptions, isFunction, isSize, type Rules, TIME, YES_OR_NO } from './assert-options.js'
import { clientOf } from './client-of.js'
import { lastSignIn } from './limit-sign-ins.js'
import { signOut } from './sign-out.js'

/** Options of {@link watchIdle}. */
export interface IdleOptions {
  /** How long nobody may do anything, in milliseconds. */
  readonly timeout: number
  /** How long before the end the countdown begins, in milliseconds. Default one minute. */
  readonly warning?: number | undefined
  /**
   * Hears each second of the countdown, in every tab, how many milliseconds are left, and `null`
   * when it is over: somebody did something, or the session has ended.
   */
  readonly onCountdown?: ((left: number | null) => void) | undefined
  /** Sign out of this app only, and leave the session at the provider alone. Default `false`. */
  readonly local?: boolean | undefined
}

const RULES: Rules<IdleOptions> = {
  timeout: TIME,
  warning: [(value) => value === 0 || isSize(value), TIME[1]],
  onCountdown: [isFunction, 'a function'],
  local: YES_OR_NO,
}

/** What {@link watchIdle} returns. */
export interface IdleWatch {
  /** Counts as something that the user did: for a button, or while a film is running. */
  readonly stay: () => void
  /** Ends the watching. The session stays. */
  readonly stop: () => void
}

const ACTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove']
const SECOND = 1_000
const MINUTE = 60 * SECOND
/** Browsers fire a longer timer at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Signs the user out when nobody has done anything in any tab for a time: moved the pointer, typed,
 * scrolled. Sleep counts, and so does the time in which no tab was open. The state is then
 * `signed-out` for the reason `idle`, in every tab that watches.
 *
 * Call it before `auth.start()` and before anything else subscribes: then a session that has been
 * idle for too long is never shown.
 *
 * ```ts
 * const idle = watchIdle(auth, { timeout: 15 * 60_000, onCountdown: showCountdown })
 * ```
 *
 * @throws {AuthError} `config`
 */
export function watchIdle<Claims>(auth: Auth<Claims>, options: IdleOptions): IdleWatch {
  const given = assertOptions('watchIdle', options, RULES, 'timeout')
  const { timeout, onCountdown, local = false } = given
  const client = clientOf(auth, 'watchIdle')
  const { page, session } = client
  const warning = onCountdown ? Math.min(given.warning ?? 60 * SECOND, timeout / 2) : 0
  /** Of several tabs one signs out, and rather one that is seen: the others wait for their turn. */
  const turn = SECOND * (1 + 2 * Math.random())
  const clock = createIdleClock(`${client.name} active`)
  let status: AuthState['status'] = 'starting'
  let counts = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const count = (left: number | null) => {
    if (left === null && !counts) return
    counts = left !== null
    onCountdown?.(left)
  }
  /** Acts on what is due; returns whether the time is over. */
  const check = (): boolean => {
    clearTimeout(timer)
    if (status !== 'signed-in') return true
    const left = timeout - clock.idleFor()
    const patience = left > 0 || !document.hidden ? 0 : turn
    if (left + patience <= 0) void signOut(client, { local }, 'idle')
    else {
      const next =
        left <= 0 ? left + patience : left > warning ? left - warning : left % SECOND || SECOND
      timer = setTimeout(check, Math.min(next, LONGEST_TIMER))
      count(left > 0 && left <= warning ? left : null)
    }
    return left <= 0
  }
  const stay = () => {
    // What comes too late, such as the click that wakes a device, must not count.
    if (check()) return
    clock.note()
    check()
  }
  const heed = ({ isTrusted }: Event) => {
    if (isTrusted && status === 'signed-in' && !clock.isFresh()) stay()
  }
  const follow = (state: AuthState) => {
    const before = status
    status = state.status
    if (status === 'signed-in' && before !== status) {
      // Whoever has just signed in was there.
      if (before !== 'starting') clock.note()
      else clock.resume(lastSignIn(page))
      check()
    } else if (status !== 'signed-in') {
      clearTimeout(timer)
      count(null)
    }
    if (state.status !== 'signed-out') return
    // Another tab was first to say it, by a clock that is read a moment apart.
    const isOver = before === 'signed-in' && clock.idleFor() > timeout - SECOND
    clock.forget()
    if (isOver && state.reason === 'signed-out') session.drop('idle')
  }
  const listening = new AbortController()
  for (const act of ACTS) {
    const how = { signal: listening.signal, capture: true, passive: true }
    globalThis.addEventListener?.(act, heed, how)
  }
  const stops = [page.on('visible', check), page.on('restored', check), session.subscribe(follow)]
  const stop = () => {
    clearTimeout(timer)
    listening.abort()
    for (const each of stops) each()
  }
  client.closing.signal.addEventListener('abort', stop, { once: true })
  return Object.freeze({ stay, stop })
}

/**
 * The time since somebody did something, by the clock of the device and by that of the page.
 *
 * @param name of the time of the last thing that the user did in any tab of the app
 */
function createIdleClock(name: string) {
  /** When it was, as every tab reads it. */
  let at = ''
  /** The same by the clock of the page, which nobody can set. */
  let seen = 0

  const follow = (time: string | null | undefined) => {
    if (!time || time === at) return
    at = time
    const ago = Date.now() - Number(time)
    // What is no time, or is yet to come because the clock was set back, says that nobody knows.
    seen = ago > -MINUTE ? performance.now() - Math.max(0, ago) : -Infinity
  }
  const catchUp = () => follow(attempt(() => localStorage.getItem(name)))
  const since = () => Math.max(Date.now() - Number(at) || 0, performance.now() - seen)
  const note = () => {
    follow(String(Date.now()))
    attempt(() => localStorage.setItem(name, at))
  }
  return {
    note,
    isFresh: () => since() < SECOND,
    idleFor() {
      catchUp()
      return since()
    },
    /** Takes up what was noted before this page was there; without that, it begins now. */
    resume(returned: number) {
      catchUp()
      if (!at || returned > Number(at)) note()
    },
    forget: () => attempt(() => localStorage.removeItem(name)),
  }
}

/** Where the browser keeps nothing, each tab has a session of its own, and a time of its own. */
function attempt<Value>(task: () => Value): Value | undefined {
  try {
    return task()
  } catch {
    return undefined
  }
}
