import { beforeEach, expect, test, vi } from 'vitest'
import { createProviderSource } from '../../../src/session/create-provider-source.ts'

const ISSUER = 'https://login.example/'
const ADDRESS = 'https://login.example/.well-known/openid-configuration'
const KEYS = 'https://login.example/keys'
const MINUTE = 60_000
const metadataOf = (host: string) => ({
  issuer: ISSUER,
  authorization_endpoint: `https://${host}/authorize`,
  token_endpoint: `https://${host}/token`,
})

beforeEach(() => () => void vi.useRealTimers())

/** Moves the clock of the device, by milliseconds. */
function moveClock(by: number): void {
  const now = Date.now() + by
  vi.useFakeTimers({ toFake: ['Date'], now })
}

/** A source at rest of which lies what is given, its provider, and what was saved last. */
function openSource(kept: object = {}) {
  const asked: string[] = []
  let keySet: object[] = []
  let isDown = false
  let saved: unknown
  const ask = async <Answer>(what: string, answer: Answer): Promise<Answer> => {
    asked.push(what)
    if (isDown) throw new Error('The provider is down.')
    return answer
  }
  const source = createProviderSource({
    address: ADDRESS,
    issuer: ISSUER,
    allowLoopback: false,
    load: async () => kept,
    save: async (content) => {
      saved = content
    },
    discover: () => ask('metadata', metadataOf('new.example') as never),
    fetchKeys: () => ask('keys', { keys: keySet }),
  })
  return {
    ...source,
    keys: source.keysOf({ ...metadataOf('new.example'), jwks_uri: KEYS } as never),
    asked,
    saved: () => saved,
    rotate(keys: object[]) {
      keySet = keys
    },
    setDown(down: boolean) {
      isDown = down
    },
  }
}

test('what was forgotten while it was being read does not come back', async () => {
  let found: (content: unknown) => void = () => {}
  const source = createProviderSource({
    address: ADDRESS,
    issuer: ISSUER,
    allowLoopback: false,
    load: () =>
      new Promise((resolve) => {
        found = resolve
      }),
    save: async () => {},
    discover: async () => metadataOf('new.example') as never,
    fetchKeys: async () => ({ keys: [] }),
  })
  const first = source.metadata()
  source.forgetProvider()
  found({ [ADDRESS]: { value: metadataOf('old.example'), at: Date.now() } })
  expect(await first).toMatchObject(metadataOf('new.example'))
  expect(await source.metadata()).toMatchObject(metadataOf('new.example'))
})

test.for([
  ['is as it was', {}, 0, []],
  ['is of another issuer', { issuer: 'https://evil.example/' }, 0, ['metadata']],
  ['leads to a script', { authorization_endpoint: 'javascript:0' }, 0, ['metadata']],
  ['is more than an hour old', {}, -61, ['metadata']],
  ['is of a time yet to come, because the clock was set back', {}, 61, ['metadata']],
] as const)('metadata at rest that %s (R93, R134)', async ([, change, minutes, asked]) => {
  const value = { ...metadataOf('new.example'), ...change }
  const source = openSource({ [ADDRESS]: { value, at: Date.now() + minutes * MINUTE } })
  expect(await source.metadata()).toEqual(expect.objectContaining(metadataOf('new.example')))
  expect(source.asked).toEqual(asked)
})

test('what is forgotten is asked for anew, and gone from where it was at rest', async () => {
  const source = openSource()
  await source.metadata()
  await source.keys(false)
  expect(Object.keys(Object(source.saved()))).toEqual([ADDRESS, KEYS])
  source.forgetProvider()
  expect(source.saved()).toEqual({})
  await source.metadata()
  await source.keys(false)
  expect(source.asked).toEqual(['metadata', 'keys', 'metadata', 'keys'])
})

test('keys that nobody knows cost one more request in a minute, unless it fails (R55)', async () => {
  const source = openSource()
  expect(await source.keys(false)).toEqual({ keys: [] })
  source.setDown(true)
  await expect(source.keys(true)).rejects.toThrow('The provider is down.')
  source.setDown(false)
  expect(await source.keys(true)).toEqual({ keys: [] })
  moveClock(59_000)
  expect(await source.keys(true)).toBeUndefined()
  expect(source.asked).toHaveLength(3)
  moveClock(1_000)
  expect(await source.keys(true)).toEqual({ keys: [] })
  expect(source.asked).toHaveLength(4)
})

test('keys that were rotated are asked for again at once where they are rotated again (R55)', async () => {
  const source = openSource()
  await source.keys(false)
  for (const kid of ['one', 'two', 'three']) {
    source.rotate([{ kid }])
    expect(await source.keys(true)).toEqual({ keys: [{ kid }] })
    moveClock(10_000)
  }
  // A key that no set has delays the next request, as before.
  expect(await source.keys(true)).toEqual({ keys: [{ kid: 'three' }] })
  expect(await source.keys(true)).toBeUndefined()
  expect(source.asked).toHaveLength(5)
})
