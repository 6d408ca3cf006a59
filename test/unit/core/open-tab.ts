import { beforeEach, vi } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { beginSignIn } from '../../../src/session/begin-sign-in.ts'
import { completeSignIn, findSignIn } from '../../../src/session/complete-sign-in.ts'
import type { SessionPorts } from '../../../src/session/context.ts'
import { createSession } from '../../../src/session/create-session.ts'
import { createStore, type Records } from '../../../src/storage/create-store.ts'

export const ISSUER = 'https://login.example/'
export const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
  revocation_endpoint: 'https://login.example/revoke',
  id_token_signing_alg_values_supported: ['ES256'],
}
const TARGET = {
  redirectUri: 'https://app.example/callback',
  scope: ['openid'],
  tokenKey: '',
  returnTo: null,
  resource: [],
  audience: undefined,
}
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, true, [
  'sign',
  'verify',
])
export const keys = [await crypto.subtle.exportKey('jwk', publicKey)]

export const MINUTE = 60_000

/** Each test begins online, and leaves nothing that it has put in place. */
export function useTabs(): void {
  beforeEach(() => {
    vi.stubGlobal('navigator', { onLine: true })
    return () => {
      vi.unstubAllGlobals()
      vi.restoreAllMocks()
      vi.useRealTimers()
    }
  })
}

/** Moves the clock of the device, by milliseconds. Timers go on as they are. */
export function moveClock(by: number): void {
  const now = Date.now() + by
  vi.useFakeTimers({ toFake: ['Date'], now })
}

export async function sign(sub: string, nonce?: string | null, more?: object): Promise<string> {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = Math.floor(Date.now() / 1000)
  const own = { iss: ISSUER, aud: 'client', iat, exp: iat + 300, sub, nonce: nonce ?? undefined }
  const claims = { ...own, ...more }
  const text = `${encode({ alg: 'ES256' })}.${encode(claims)}`
  const signature = await crypto.subtle.sign(ALGORITHM, privateKey, Buffer.from(text))
  return `${text}.${Buffer.from(signature).toString('base64url')}`
}

/** What came before has another time than what comes after. */
export async function nextMillisecond(): Promise<void> {
  const now = Date.now()
  while (Date.now() === now) await new Promise((resolve) => setImmediate(resolve))
}

/** A tab: a session on records that others may share, and a provider that answers as it is told. */
export function openTab(
  all = new Map<string, unknown>(),
  isStored = true,
  more: Partial<SessionPorts> = {},
) {
  let failures = 0
  let isFull = false
  let isStuck = false
  let holding: Promise<void> | undefined
  let meanwhile: (() => Promise<unknown>) | undefined
  const once: Records = async (change) => {
    const task = meanwhile
    meanwhile = undefined
    await task?.()
    if (failures-- > 0) throw new AuthError('storage_unavailable', 'It failed in passing.')
    await holding
    const before = new Map(all)
    const result = change(all)
    const isShorter = isStuck && all.size < before.size
    if (isFull && (isShorter || [...all].some(([name, value]) => before.get(name) !== value))) {
      all.clear()
      for (const [name, value] of before) all.set(name, value)
      throw new AuthError('storage_unavailable', 'There is no room.')
    }
    return result
  }
  const records: Records = (change) => once(change).catch(() => once(change))
  let answer: () => Promise<object>
  let pending = ''
  let last: Promise<unknown> = Promise.resolve()
  const revoked: string[] = []
  const session = createSession({
    clientId: 'client',
    store: createStore(records, () => ''),
    isStored: () => isStored,
    sharesRedirectUri: () => false,
    pendingSignOut: () => pending,
    notePendingSignOut(sessionId) {
      pending = sessionId
    },
    async transport(url, _code, body) {
      const answered = { status: 200, receivedAt: Date.now(), headers: new Headers() }
      if (url === METADATA.revocation_endpoint) {
        revoked.push(new URLSearchParams(body).get('token') ?? '')
        return { ...answered, json: {} }
      }
      const tokens = { access_token: crypto.randomUUID(), token_type: 'Bearer' }
      return { ...answered, json: { ...tokens, ...(await answer()) } }
    },
    isInDoubt: () => false,
    watchLeaving: () => () => false,
    binding: undefined,
    push: undefined,
    nonceWithoutOpenid: false,
    signInSilently: undefined,
    metadata: async () => METADATA,
    keysOf: () => async () => ({ keys }),
    forgetProvider() {},
    lock: (task) => {
      const run = last.then(task, task)
      last = run.catch(() => {})
      return run
    },
    announce() {},
    explain: (error) => error,
    ...more,
  })
  const begin = async (sameUser: boolean, challenge?: string, target?: Partial<typeof TARGET>) => {
    const request = { sameUser, challenge }
    const { url, state } = await beginSignIn(session, { ...TARGET, ...target }, request)
    return { nonce: new URL(url).searchParams.get('nonce'), state }
  }
  return {
    session,
    begin,
    revoked,
    failOnce() {
      failures = 1
    },
    /** The database fails what is asked of it next, and the second try as well. */
    failTwice() {
      failures = 2
    },
    /** The database fails whatever becomes of a sign-out. */
    failSignOut() {
      failures = 4
    },
    /** From now on the database answers nothing, until the returned function is called. */
    holdUp(): () => void {
      let release = () => {}
      holding = new Promise((resolve) => {
        release = resolve
      })
      return () => release()
    },
    /** From now on nothing can be written, only deleted; with `isWhole`, not deleted either. */
    fillDisk(isWhole = false) {
      isFull = true
      isStuck = isWhole
    },
    mendDisk() {
      isFull = false
      isStuck = false
    },
    /** Does something before the records are looked at next. */
    doFirst(task: typeof meanwhile) {
      meanwhile = task
    },
    answerBy(give: typeof answer) {
      answer = give
    },
    /**
     * Comes back from the provider, without the lock as where another tab holds it for ever; without a
     * subject, with no ID token.
     */
    async complete(
      { nonce, state }: Awaited<ReturnType<typeof begin>>,
      sub?: string,
      tokens: object = { refresh_token: `refresh ${sub}` },
    ) {
      answer = async () => (sub ? { ...tokens, id_token: await sign(sub, nonce) } : tokens)
      const callback = new URLSearchParams({ state, code: 'code' })
      return completeSignIn(session, await findSignIn(session, callback))
    },
  }
}

/** A refusal by the provider. */
export const refusal = (providerError?: string) =>
  new AuthError('token_request_refused', 'The provider refused.', { providerError, status: 400 })

export const ASKS_THE_USER = {
  code: 'interaction_required',
  message: 'Only the user can get this access token: call auth.signIn().',
}
export const TOO_OFTEN = {
  code: 'provider_unavailable',
  message: 'The last renewals failed, or came too often.',
  retryable: true,
}
/** A key of another token than the session's own. */
export const OTHER = 'resource https://other.example/'

/** A tab whose session is in memory, with an older one in the database. */
export async function openInMemory() {
  const all = new Map<string, unknown>()
  const before = openTab(all)
  await before.complete(await before.begin(false), 'alice')
  const tab = openTab(all, false)
  await tab.complete(await tab.begin(false), 'alice')
  return tab
}

/** A tab that knows of a session, and not of its renewal by another one to the refresh token `next`. */
export async function openUnaware(all: Map<string, unknown>) {
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await other.session.revalidate()
  one.answerBy(async () => ({ refresh_token: 'next' }))
  await one.session.token('', one.session.current()?.tokens['']?.accessToken)
  return other
}

/** A tab whose provider does not renew, and how often it was asked to. */
export async function openDelayed(retryAfter?: number) {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  let asked = 0
  tab.answerBy(async () => {
    asked++
    throw new AuthError('provider_unavailable', 'Not now.', { retryable: true, retryAfter })
  })
  const renew = () => tab.session.token('', undefined, true)
  return { ...tab, renew, asked: () => asked }
}

/** Signs a user in where the disk is full by the time the code is redeemed. */
export async function signInOnFullDisk(tab: ReturnType<typeof openTab>, sub: string) {
  const { nonce, state } = await tab.begin(false)
  tab.answerBy(async () => {
    tab.fillDisk()
    return { refresh_token: `refresh ${sub} on a full disk`, id_token: await sign(sub, nonce) }
  })
  const callback = new URLSearchParams({ state, code: 'code' })
  return completeSignIn(tab.session, await findSignIn(tab.session, callback))
}

/** A promise, and what resolves it. */
export function createGate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}
