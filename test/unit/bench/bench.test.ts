import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { judge } from '../../bench/aims.mjs'
import { interleave, median, type Row } from '../../bench/interleave.mjs'
import { ITEM_NAMES, readOptions } from '../../bench/options.mjs'
import { toCells, toMarkdown, toReasons, toText } from '../../bench/table.mjs'

/** A browser is all that is asked of it. */
const stage = { browser: { isConnected: () => true } } as never

const row = (measure: string, values: Record<string, number>, more: Partial<Row> = {}): Row => ({
  item: 'size',
  measure,
  unit: 'bytes',
  values,
  unable: {},
  ...more,
})

test('median() takes the middle, or what is between the two', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
})

test('interleave() turns the order about, and says of a peer that fails why', async () => {
  const order: string[] = []
  const run = { stage, names: ['one', 'two', 'bad'], rounds: 3, progress() {} }
  const rows = await interleave(run, 'item', async (name, add) => {
    order.push(name)
    add('time', 'ms', order.length)
    if (name === 'bad') throw new Error('it cannot\nat line 1')
  })
  expect(order).toEqual(['one', 'two', 'bad', 'two', 'one', 'one', 'two'])
  expect(rows).toEqual([
    {
      item: 'item',
      measure: 'time',
      unit: 'ms',
      values: { one: 5, two: 4 },
      unable: { bad: 'it cannot' },
    },
  ])
})

test('interleave() says why where nobody has measured anything', async () => {
  const run = { stage, names: ['bad'], rounds: 2, progress() {} }
  const rows = await interleave(run, 'item', async () => {
    throw new Error('no session')
  })
  expect(toReasons(rows)).toEqual(['item: bad is unable: no session'])
})

test('judge() compares with one peer, with the best of all, or with a number', () => {
  const rows = [
    row('small app, esbuild and terser, brotli', { 'tessera-auth': 80, 'oidc-client-ts': 100 }),
    row('getAccessToken, 1 call', { 'tessera-auth': 2, floor: 1, 'keycloak-js': 4, other: 3 }),
    row('10 tabs awake: token requests', { 'tessera-auth': 1 }),
    row('10 tabs awake: failed callers', { 'tessera-auth': 3 }),
    row('heap after sign-in', { 'tessera-auth': 9 }),
  ]
  expect(judge(rows)).toEqual([
    {
      text: 'small app, esbuild and terser, brotli, beside oidc-client-ts: at most 0.75',
      value: 0.8,
      isMet: false,
    },
    { text: 'getAccessToken, 1 call, beside every peer: at most 1', value: 2 / 3, isMet: true },
    { text: '10 tabs awake: token requests: at most 1', value: 1, isMet: true },
    { text: '10 tabs awake: failed callers: at most 0', value: 3, isMet: false },
  ])
})

test('the table has a ratio to the floor, and none for a count', () => {
  const rows = [
    row('size', { floor: 1000, one: 1500 }),
    row('time', { floor: 10, one: 3.456 }, { unit: 'ms' }),
    row('requests', { floor: 3, one: 1 }, { unit: '' }),
    row('other', { floor: 1 }, { unable: { one: 'why' } }),
  ]
  const cells = toCells(rows, ['floor', 'one'])
  expect(cells).toEqual([
    ['', 'floor', 'one'],
    ['size (bytes)', '1,000', '1,500 (1.50)'],
    ['time (ms)', '10', '3.46 (0.35)'],
    ['requests', '3', '1'],
    ['other (bytes)', '1', 'unable'],
  ])
  expect(toText(cells).split('\n')[1]).toBe('size (bytes)   1,000  1,500 (1.50)')
  expect(toMarkdown(cells).split('\n').slice(0, 3)).toEqual([
    '|  | floor | one |',
    '|---|---:|---:|',
    '| size (bytes) | 1,000 | 1,500 (1.50) |',
  ])
})

test('readOptions() takes lists, and names what there is', () => {
  const read = (...args: string[]) => readOptions(['size', 'heap'], ['one', 'two'], args)
  expect(read()).toEqual({
    items: ['size', 'heap'],
    peers: ['one', 'two'],
    rounds: 15,
    parts: false,
    write: false,
  })
  expect(read('--only=heap,size', '--peers=two', '--rounds=3', '--write')).toEqual({
    items: ['size', 'heap'],
    peers: ['two'],
    rounds: 3,
    parts: false,
    write: true,
  })
  expect(() => read('--only=wight')).toThrow('--only: there is no wight. There are: size, heap.')
  expect(() => read('--rounds=0')).toThrow('--rounds takes a number from 1 on.')
})

test('docs/measurements.md has a place for every item', () => {
  const page = readFileSync(new URL('../../../docs/measurements.md', import.meta.url), 'utf8')
  const places = [...page.matchAll(/<!-- bench:(\w+) -->\n[\s\S]*?\n?<!-- \/bench -->/g)]
  expect(places.map(([, name]) => name)).toEqual(['peers', ...ITEM_NAMES])
})
