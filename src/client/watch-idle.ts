import type { Page } from '../platform/page.js'
import type { Auth } from '../types/auth.js'
import type { AuthState } from '../types/state.js'
import {
  assertOptions,
  isFunction,
  isSize,
  LONGEST_TIMER,
  type Rules,
  TIME,
  YES_OR_NO,
} from './assert-options.js'
import { clientOf } from './client-of.js'
import { lastSignIn } from './limit-sign-ins.js'
import { signOut } from './sign-out.js'

/** Options of {@link watchIdle}. */
export interface IdleOptions {
  /** How long the user may do nothing, in milliseconds. */
  readonly timeout: number
  /**
   * How long before the end the countdown begins, in milliseconds: at most half of `timeout`. Default one
   * minute. Without `onCountdown` there is no countdown.
   */
  readonly warning?: number | undefined
  /**
   * Called each second of the countdown, in every tab, with the milliseconds that are left, and with
   * `null` when it is over: the user did something, or the session has ended.
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
  /** Counts as an act of the user: for a button, or while a video is playing. */
  readonly stay: () => void
  /** Stops watching. The session stays. */
  readonly stop: () => void
}

const ACTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove']
const SECOND = 1_000
const MINUTE = 60 * SECOND

/**
 * Signs the user out when they have not moved the pointer, typed or scrolled in any tab for a time.
 * Sleep counts, and so does the time in which no tab was open. The state is then `signed-out` for the
 * reason `idle`, in every tab that watches.
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
  /** How much longer a hidden tab waits, so that a tab that is seen is the one to sign out. */
  const turn = SECOND * (1 + 2 * Math.random())
  const clock = createIdleClock(page, `${client.name} active`)
  let status: AuthState['status'] = 'starting'
  let counts = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const count = (left: number | null) => {
    if (left === null && !counts) return
    counts = left !== null
    onCountdown?.(left)
  }
  /** How long until the turn of a hidden tab is over, the countdown begins, or its next second. */
  const untilNext = (left: number, patience: number) => {
    if (left <= 0) return left + patience
    return left > warning ? left - warning : left % SECOND || SECOND
  }
  /** Signs out, counts down, or waits. Returns whether the time is over. */
  const check = (): boolean => {
    clearTimeout(timer)
    if (status !== 'signed-in') return true
    const left = timeout - clock.idleFor()
    const patience = left > 0 || !document.hidden ? 0 : turn
    if (left + patience <= 0) {
      client.signOuts++
      void signOut(client, { local }, 'idle')
    } else {
      timer = setTimeout(check, Math.min(untilNext(left, patience), LONGEST_TIMER))
      count(left > 0 && left <= warning ? left : null)
    }
    return left <= 0
  }
  const stay = () => {
    // An act that comes too late, such as the click that wakes a device, must not count.
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
      // Signing in is an act.
      if (before !== 'starting') clock.note()
      else clock.resume(lastSignIn(page))
      check()
    } else if (status !== 'signed-in') {
      clearTimeout(timer)
      count(null)
    }
    if (state.status !== 'signed-out') return
    // Another tab was first to sign out; its clock was read a moment apart.
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
    // For a `stay()` that comes later, from a button that is still there.
    status = 'starting'
    clearTimeout(timer)
    listening.abort()
    for (const each of stops) each()
  }
  // Not kept by a client that lives on: a component may watch each time that it is shown.
  client.closing.signal.addEventListener('abort', stop, { signal: listening.signal })
  return Object.freeze({ stay, stop })
}

/**
 * Measures the time since the last act of the user, by the clock of the device and by that of the page.
 *
 * @param name the name of the item in which all tabs note the time of the last act
 */
function createIdleClock(page: Page, name: string) {
  /** The time of the last act, as it is noted for all tabs. */
  let at = ''
  /** The same by the clock of the page, which cannot be set. */
  let seen = 0

  const follow = (time: string | null) => {
    if (!time || time === at) return
    at = time
    const ago = Date.now() - Number(time)
    // If it is not a time, or in the future because the clock was set back, the last act is unknown.
    seen = ago > -MINUTE ? performance.now() - Math.max(0, ago) : -Infinity
  }
  const catchUp = () => follow(page.readSharedItem(name))
  const since = () => Math.max(Date.now() - Number(at) || 0, performance.now() - seen)
  const note = () => {
    follow(String(Date.now()))
    page.writeSharedItem(name, at)
  }
  return {
    note,
    isFresh: () => since() < SECOND,
    idleFor() {
      catchUp()
      return since()
    },
    /** Goes on from what was noted before this page was opened; without a note, begins now. */
    resume(returned: number) {
      catchUp()
      if (!at || returned > Number(at)) note()
    },
    forget: () => page.writeSharedItem(name, ''),
  }
}
