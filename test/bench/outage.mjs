// @ts-check
/**
 * `npm run bench:outage`: a thousand clients whose provider is away for five minutes. The busiest
 * second that the provider sees, and how soon every client has a token again, beside a naive client
 * that asks once a second until it is answered. The built package, by its public functions; only the
 * time, the network and the dice are made up. `--clients=1000` `--seed=1`.
 */
import { mock } from 'node:test'
import { createAuth } from '../../dist/index.js'
import { signInWithPassword } from '../../dist/password.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const LIFETIME = 5 * MINUTE
const OUTAGE = { from: 10 * MINUTE, to: 15 * MINUTE }
const END = 25 * MINUTE
/** How often an app wants a token: it calls its API. */
const EVERY = 5 * SECOND
const LATENCY = 50
const STEP = 50

/** @param {string} name @param {number} otherwise */
const option = (name, otherwise) =>
  Number(new RegExp(`--${name}=(\\d+)`).exec(process.argv.join(' '))?.[1] ?? otherwise)
const CLIENTS = option('clients', 1_000)

/** How the provider is away. */
const FAILURES = {
  'no connection': async () => {
    throw new TypeError('fetch failed')
  },
  'status 503': async () => new Response('', { status: 503 }),
  'no answer': (/** @type {AbortSignal} */ signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    }),
}

/**
 * @typedef {{ getToken: () => Promise<unknown>; close: () => void }} Client
 * @typedef {(fetch: typeof globalThis.fetch, id: number) => Promise<Client>} CreateClient
 */

/** @type {CreateClient} */
async function createOurs(fetch, id) {
  const auth = createAuth({
    issuer: 'https://provider.example/',
    metadata: {
      issuer: 'https://provider.example/',
      authorization_endpoint: 'https://provider.example/authorize',
      token_endpoint: 'https://provider.example/token',
    },
    // Clients of one name would be tabs of one session.
    clientId: `client ${id}`,
    redirectUri: '/callback',
    scope: ['api'],
    persistence: 'memory',
    fetch,
  })
  await signInWithPassword(auth, { username: 'monika', password: 'simulated' })
  return { getToken: () => auth.getAccessToken(), close: auth.close }
}

/** One request at a time, a second between two: what is written when nobody thinks of outages. @type {CreateClient} */
async function createNaive(fetch) {
  let expiresAt = 0
  /** @type {Promise<void> | undefined} */
  let flight
  const renew = async () => {
    for (;;) {
      const signal = AbortSignal.timeout(10 * SECOND)
      const response = await fetch('https://provider.example/token', { signal }).catch(() => null)
      if (response?.ok) break
      await new Promise((resolve) => setTimeout(resolve, SECOND))
    }
    expiresAt = Date.now() + LIFETIME
  }
  const getToken = async () => {
    if (Date.now() < expiresAt) return
    flight ??= renew().finally(() => {
      flight = undefined
    })
    await flight
  }
  await getToken()
  return { getToken, close: () => {} }
}

/** @param {CreateClient} create @param {(signal: AbortSignal) => Promise<unknown>} fail */
async function simulate(create, fail) {
  const start = Date.now()
  const now = () => Date.now() - start
  /** Requests by second. @type {number[]} */
  const seen = Array(END / SECOND).fill(0)
  /** Seconds after the outage until the client has a token. @type {number[]} */
  const recovered = Array(CLIENTS).fill(Number.POSITIVE_INFINITY)
  let tokens = 0
  const isAway = () => now() >= OUTAGE.from && now() < OUTAGE.to
  /** @type {typeof globalThis.fetch} */
  const fetch = async (_, init) => {
    seen[Math.floor(now() / SECOND)] = (seen[Math.floor(now() / SECOND)] ?? 0) + 1
    await new Promise((resolve) => setTimeout(resolve, LATENCY))
    const signal = /** @type {AbortSignal} */ (init?.signal)
    if (isAway()) return /** @type {Promise<Response>} */ (fail(signal))
    tokens += 1
    const answer = { access_token: `access ${tokens}`, refresh_token: `refresh ${tokens}` }
    return Response.json({
      ...answer,
      access_token: answer.access_token.replace(' ', '-'),
      token_type: 'Bearer',
      expires_in: LIFETIME / SECOND,
    })
  }
  /** @type {Client[]} */
  const clients = []
  const live = async (/** @type {number} */ id) => {
    // They sign in at any time within a token's life, so that they expire one by one.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LIFETIME))
    const client = await create(fetch, id)
    clients.push(client)
    const call = () => {
      setTimeout(call, EVERY * (0.5 + Math.random()))
      client.getToken().then(
        () => {
          if (now() < OUTAGE.to) return
          recovered[id] = Math.min(recovered[id] ?? 0, (now() - OUTAGE.to) / SECOND)
        },
        () => {},
      )
    }
    call()
  }
  const lives = Array.from({ length: CLIENTS }, (_, id) => live(id))
  while (now() < END) {
    mock.timers.tick(STEP)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(lives)
  for (const { close } of clients) close()
  const during = (/** @type {number} */ from, /** @type {number} */ to) =>
    Math.max(...seen.slice(from / SECOND, to / SECOND))
  recovered.sort((one, other) => one - other)
  return {
    before: during(LIFETIME, OUTAGE.from),
    away: during(OUTAGE.from, OUTAGE.to),
    back: during(OUTAGE.to, END),
    peak: during(OUTAGE.from, END),
    half: recovered[Math.floor(CLIENTS / 2)] ?? 0,
    all: recovered.at(-1) ?? 0,
  }
}

/** Numbers that come again (mulberry32), so that a figure can be checked. */
function seedTheDice() {
  let state = option('seed', 1)
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

// Node has no tabs and no network to lose; the browser's deadline has to follow the made-up time.
Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true })
mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 0, 1) })
AbortSignal.timeout = (milliseconds) => {
  const controller = new AbortController()
  const reason = new DOMException('The operation timed out.', 'TimeoutError')
  setTimeout(() => controller.abort(reason), milliseconds)
  return controller.signal
}

/** @param {number} value */
const seconds = (value) => (Number.isFinite(value) ? `${value.toFixed(0)} s` : 'never')
console.log(`${CLIENTS} clients, tokens of ${LIFETIME / MINUTE} minutes, five minutes of outage\n`)
console.log(
  '| requests in the busiest second | before | away | back | half recovered | all | ratio |',
)
console.log('|---|---|---|---|---|---|---|')
for (const [name, fail] of Object.entries(FAILURES)) {
  seedTheDice()
  const ours = await simulate(createOurs, fail)
  seedTheDice()
  const naive = await simulate(createNaive, fail)
  for (const [who, { before, away, back, peak, half, all }] of Object.entries({ ours, naive })) {
    const row = [`${who}, ${name}`, before, away, back, seconds(half), seconds(all)]
    console.log(`| ${[...row, (peak / ours.peak).toFixed(1)].join(' | ')} |`)
  }
}
process.exit()
