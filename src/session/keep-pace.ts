import { AuthError } from '../errors.js'
import type { SessionContext } from './context.js'
import { EPOCH, paceName, SESSION } from './records.js'

/** When renewals may be tried again, for all tabs of a session together; times since the epoch. */
export interface Pace {
  /** When it was made. What was to wait for is over if the clock has been set back since. */
  readonly at: number
  readonly failures: number
  /** When the last five failures were. */
  readonly failed: readonly number[]
  /** How many times in a row the refresh token was refused without a reason. */
  readonly refusals: number
  /** Whether the last silent sign-in failed because the provider wants to see the user. */
  readonly wantsUser: boolean
  /** When the network did not answer a tab that asked. Another, which has no answer since, asks first. */
  readonly doubtedAt: number
  /** After a failure, whatever the token is for. */
  readonly notBefore: number
  /**
   * After a success, or after a refusal that is about one resource, by what the token is for: a page may
   * need any number of them at once.
   */
  readonly renewed: {
    readonly [key: string]: {
      readonly at: number
      readonly notBefore: number
      /** Whether only the user can get it. */
      readonly isRefused?: boolean
    }
  }
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const LONGEST_WAIT = 5 * MINUTE
const MOST_A_MINUTE = 5
/** What a renewal waits for rather than fail, in milliseconds. */
const SHORT_WAIT = SECOND

export const NO_PACE: Pace = {
  at: 0,
  failures: 0,
  failed: [],
  refusals: 0,
  wantsUser: false,
  doubtedAt: 0,
  notBefore: 0,
  renewed: {},
}

/** Reads the pace of the session; without storage there is none. */
export function readPace(context: SessionContext): Promise<Pace> {
  const name = nameOf(context)
  return context.store.records((all) => paceOf(all.get(name))).catch(() => NO_PACE)
}

/** Does nothing if the user has signed out meanwhile: a sign-out leaves a count, and nothing else. */
export async function setPace(
  context: SessionContext,
  change: (pace: Pace) => Pace,
): Promise<void> {
  const { store, current } = context
  const name = nameOf(context)
  const isOver = (all: Map<string, unknown>) =>
    current()?.version ? all.has(EPOCH) && !all.has(SESSION) : !current()
  const set = (all: Map<string, unknown>) =>
    isOver(all) || all.set(name, change(paceOf(all.get(name))))
  await store.records(set).catch(() => {})
}

/**
 * Returns the pace, or `undefined` if only the user can get the token until the next renewal may be
 * tried. Waits if that is in a moment.
 *
 * @throws {AuthError} `provider_unavailable` if the next renewal has to wait for longer
 */
export async function waitForPace(
  context: SessionContext,
  key: string,
  refreshToken: string | undefined,
): Promise<Pace | undefined> {
  const pace = await readPace(context)
  const wait = waitOf(pace, key)
  if (wait > SHORT_WAIT) {
    if (pace.renewed[key]?.isRefused || (pace.wantsUser && !refreshToken)) return undefined
    throw new AuthError('provider_unavailable', 'The last renewals failed, or came too often.', {
      retryable: true,
      retryAfter: wait,
    })
  }
  if (wait) await new Promise((resolve) => setTimeout(resolve, wait))
  return pace
}

/** How long until a token may be renewed, in milliseconds. */
export function waitOf(pace: Pace, key: string): number {
  const now = Date.now()
  // A clock that was set back must not keep the session waiting, nor a record that we have not written.
  const known = [pace, pace.renewed[key] ?? NO_PACE].filter(
    ({ at, notBefore }) => at <= now && notBefore <= now + LONGEST_WAIT,
  )
  return Math.max(0, ...known.map(({ notBefore }) => notBefore - now))
}

/** The pace after a renewal: at most five a minute, however often the app asks. */
export function afterSuccess(key: string, { renewed }: Pace): Pace {
  const at = Date.now()
  const wait = at - (renewed[key]?.at ?? 0) < MINUTE / 2 ? MINUTE / 4 : SECOND
  return { ...NO_PACE, at, renewed: { ...renewed, [key]: { at, notBefore: at + wait } } }
}

/** The pace after a refusal that is about one resource: the others do not wait. */
export function afterRefusal(key: string, { renewed, ...pace }: Pace): Pace {
  const at = Date.now()
  const refusal = { at, notBefore: at + MINUTE / 2, isRefused: true }
  return { ...pace, renewed: { ...renewed, [key]: refusal } }
}

/**
 * The pace after a failure: the wait doubles each time, is as long as the provider wishes, and there are
 * at most five in any minute.
 *
 * @param isRefused whether the refresh token was refused without a reason
 */
export function afterDelay(pace: Pace, retryAfter = 0, isRefused = false): Pace {
  const backoff = SECOND + Math.random() * SECOND * 2 ** pace.failures
  const wait = Math.min(Math.max(retryAfter, backoff), LONGEST_WAIT)
  const at = Date.now()
  // The clock may have been set back since.
  const failed = [...pace.failed.filter((time) => time <= at), at].slice(-MOST_A_MINUTE)
  const fifthLast = failed.at(-MOST_A_MINUTE) ?? 0
  return {
    at,
    failed,
    failures: Math.min(pace.failures + 1, 6),
    refusals: isRefused ? pace.refusals + 1 : 0,
    wantsUser: false,
    doubtedAt: pace.doubtedAt,
    notBefore: Math.max(at + wait, fifthLast + MINUTE),
    renewed: pace.renewed,
  }
}

const nameOf = (context: SessionContext) => paceName(context, context.current()?.sessionId ?? '')

function paceOf(stored: unknown): Pace {
  const kept = Object(stored)
  return { ...NO_PACE, ...kept, failed: [kept.failed ?? []].flat(), renewed: Object(kept.renewed) }
}
