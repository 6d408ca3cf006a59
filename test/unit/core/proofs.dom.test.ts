import { dpop } from 'tessera-auth/dpop'
import { afterEach, expect, test, vi } from 'vitest'
import { createTokenBinding, generateKey } from '../../../src/protocol/create-token-binding.ts'

import { createGate } from '../../fetch/listen.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const answerOf = (status: number, error?: string, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  json: { error },
})
const OK = answerOf(200)

type Given = ReturnType<typeof answerOf> | undefined

/** Makes what makes a request that gets these answers in turn, and says when each proof was made, in seconds. */
async function createSender() {
  const all = new Map<string, unknown>()
  const records = async <Result>(change: (all: Map<string, unknown>) => Result) => change(all)
  const binding = dpop().bind?.({ current: () => undefined, records, end: async () => {} })
  // A sign-in makes the key.
  await binding?.thumbprint()
  return async (...answers: (Given | Promise<Given>)[]) => {
    const times: unknown[] = []
    const url = 'https://login.example/token'
    const answer = await binding?.send(url, 'POST', undefined, async (proof) => {
      const payload = Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString()
      times.push(JSON.parse(payload).iat)
      return answers[times.length - 1]
    })
    return { answer, times }
  }
}

/** The refusal of a proof by a server whose clock is so many seconds ahead of this one. */
const refusedBy = (offset: number) =>
  answerOf(400, 'invalid_dpop_proof', { date: new Date(Date.now() + offset * 1000).toUTCString() })

const NONCE = answerOf(400, 'use_dpop_nonce', { 'dpop-nonce': 'nonce' })
const NOT_ACCEPTED = {
  code: 'dpop',
  message: 'The provider does not accept a proof of possession.',
  providerError: 'invalid_dpop_proof',
}

test.for([30, -30])('a clock that is %i seconds off is corrected (R159)', async (offset) => {
  const date = new Date(Date.now() + offset * 1000).toUTCString()
  const send = await createSender()
  const { answer, times } = await send(answerOf(400, 'invalid_dpop_proof', { date }), OK)
  expect(answer).toBe(OK)
  expect(Math.abs(Number(times[1]) - Number(times[0]) - offset)).toBeLessThanOrEqual(2)
  for (const time of times) expect(time).toSatisfy(Number.isInteger)
})

test.for([
  ['the nonce first', [NONCE, refusedBy(60)]],
  ['the time first', [refusedBy(60), NONCE]],
])(
  'a proof may be refused for its nonce and for its time: %s (R156, R159)',
  async ([, refusals]) => {
    const send = await createSender()
    const { answer, times } = await send(...(refusals as Given[]), OK)
    expect(answer).toBe(OK)
    expect(times).toHaveLength(3)
  },
)

test('a clock that is a second off is not what a proof was refused for', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
  const send = await createSender()
  await expect(send(refusedBy(1), OK)).rejects.toMatchObject(NOT_ACCEPTED)
})

test('a server whose clock never stands still gets no third proof', async () => {
  const send = await createSender()
  await expect(send(refusedBy(60), refusedBy(600), OK)).rejects.toMatchObject(NOT_ACCEPTED)
})

test('a correction stays where the next one cannot be had', async () => {
  const send = await createSender()
  const { times } = await send(refusedBy(600), OK)
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError()))
  await expect(send(answerOf(400, 'invalid_dpop_proof'), OK)).rejects.toMatchObject(NOT_ACCEPTED)
  const next = await send(OK)
  expect(Math.abs(Number(next.times[0]) - Number(times[1]))).toBeLessThanOrEqual(2)
})

test('a proof that was refused before the clock was corrected asks nobody for the time', async () => {
  let asked = 0
  vi.stubGlobal('fetch', async () => {
    asked++
    return new Response()
  })
  const send = await createSender()
  const gate = createGate()
  // This one says no time.
  const late = send(
    gate.opened.then(() => answerOf(400, 'invalid_dpop_proof')),
    OK,
  )
  await send(refusedBy(600), OK)
  gate.open()
  const { answer, times } = await late
  expect(answer).toBe(OK)
  expect(Math.abs(Number(times[1]) - Number(times[0]) - 600)).toBeLessThanOrEqual(2)
  expect(asked).toBe(0)
})

test('what cannot be sent again gets the refusal', async () => {
  const send = await createSender()
  const { answer, times } = await send(NONCE, undefined)
  expect(answer).toBe(NONCE)
  expect(times).toHaveLength(2)
})

test.for([200, 403, 503])(
  'a %i with the words of a refusal is none, and nothing is sent once more',
  async (status) => {
    const given = answerOf(status, 'use_dpop_nonce', { 'dpop-nonce': 'nonce' })
    const send = await createSender()
    const { answer, times } = await send(given, OK)
    expect(answer).toBe(given)
    expect(times).toHaveLength(1)
  },
)

test('a nonce that no page may read is told with the remedy (R161)', async () => {
  const send = await createSender()
  await expect(send(answerOf(400, 'use_dpop_nonce'), OK)).rejects.toMatchObject({
    code: 'dpop',
    message: 'The server asks for a nonce that no page may read.',
    hint: 'It has to list DPoP-Nonce in Access-Control-Expose-Headers.',
  })
})

test.for<[string, (signal: AbortSignal) => Promise<Response>]>([
  ['cannot be reached', () => Promise.reject(new TypeError())],
  ['says no time', async () => new Response()],
  ['says nonsense', async () => new Response(null, { headers: { date: 'soon' } })],
  [
    'never answers',
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
  ],
])('a refused proof is an error where the own server %s', async ([, answer]) => {
  const asked: unknown[] = []
  vi.stubGlobal(
    'fetch',
    (url: string, { signal, ...init }: RequestInit & { signal: AbortSignal }) => {
      asked.push([url, init, signal instanceof AbortSignal])
      return answer(signal)
    },
  )
  const send = await createSender()
  await expect(send(answerOf(400, 'invalid_dpop_proof'), OK)).rejects.toMatchObject({
    code: 'dpop',
    message: 'The provider does not accept a proof of possession.',
    hint: 'The clock of this device may be wrong.',
    providerError: 'invalid_dpop_proof',
    status: 400,
  })
  // A time from the cache would be no time.
  expect(asked).toEqual([[location.origin, { method: 'HEAD', cache: 'no-store' }, true]])
  // The clock of later proofs is as it was.
  expect(await send(OK)).toEqual({ answer: OK, times: [expect.any(Number)] })
})

test('the nonces of a provider and of an API at the same origin are kept apart (R155)', async () => {
  const pair = await generateKey()
  const binding = createTokenBinding({
    keyPair: async () => pair,
    clockOffset: async () => undefined,
  })
  const send = async (accessToken: string | undefined, given: string) => {
    let sent: unknown
    await binding.send('https://one.example/x', 'POST', accessToken, async (proof) => {
      sent = JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString()).nonce
      return answerOf(200, undefined, { 'dpop-nonce': given })
    })
    return sent
  }
  expect(await send(undefined, 'first of the provider')).toBe(undefined)
  expect(await send('token', 'first of the API')).toBe(undefined)
  expect(await send(undefined, 'next of the provider')).toBe('first of the provider')
  expect(await send('token', 'next of the API')).toBe('first of the API')
  expect(await send(undefined, '')).toBe('next of the provider')
})
