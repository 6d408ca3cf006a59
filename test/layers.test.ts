import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { inspect } from './layers/inspect.ts'

const SRC = fileURLToPath(new URL('../src/', import.meta.url))

function sourcesOf(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Object.fromEntries(
    paths
      .filter((path) => path.endsWith('.ts'))
      .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]),
  )
}

test('src keeps the rules of the house', () => {
  const sources = sourcesOf(SRC)
  expect(Object.keys(sources)).toContain('errors.ts')
  expect(inspect(sources)).toEqual([])
})

const leaves = { 'errors.ts': 'export class AuthError {}', 'types.ts': 'export interface Auth {}' }

describe('what is allowed passes', () => {
  test.for<[string, Record<string, string>]>([
    [
      'each layer imports what lies below it',
      {
        ...leaves,
        'index.ts': `export { a } from './client/a.js'`,
        'client/a.ts': `import { s } from '../session/s.js'\nexport const a = s`,
        'session/s.ts': `import { p } from '../protocol/p.js'\nexport const s = p`,
        'protocol/p.ts': `import { None } from 'oauth4webapi'\nexport const p = None`,
      },
    ],
    [
      'types of the platform in a sibling',
      {
        'platform/platform.ts': 'export interface Platform {}',
        'storage/a.ts': `import type { Platform } from '../platform/platform.js'
          export const a = (platform: Platform) => platform`,
      },
    ],
    [
      'a parameter, a property and a string that are called like a global',
      {
        'protocol/a.ts': `export const a = (location: URL, headers: Headers) =>
          ({ history: location.href, location, document: headers.get('location') })`,
      },
    ],
    [
      'a date that is not now',
      { 'protocol/a.ts': 'export const a = (t: string) => +new Date(t) + Date.parse(t)' },
    ],
    ['the window, where windows are', { 'navigation/a.ts': 'export const a = () => window' }],
    ['the clock above the protocol', { 'session/a.ts': 'export const a = () => Date.now()' }],
    ['a file of 250 lines', { 'http/a.ts': 'export {}\n'.repeat(250) }],
  ])('%s', ([, sources]) => {
    expect(inspect(sources)).toEqual([])
  })
})

describe('what is not allowed is found', () => {
  test.for<[string, Record<string, string>, string[]]>([
    [
      'protocol imports session',
      { 'protocol/a.ts': `import { s } from '../session/s.js'\nexport const a = s` },
      ['protocol/a.ts imports session/s.ts'],
    ],
    [
      'even for a type',
      { 'protocol/a.ts': `import type { S } from '../session/s.js'\nexport type A = S` },
      ['protocol/a.ts imports session/s.ts'],
    ],
    [
      'even as a type in passing',
      { 'protocol/a.ts': `export type A = import('../session/s.js').S` },
      ['protocol/a.ts imports session/s.ts'],
    ],
    [
      'even later',
      { 'protocol/a.ts': `export const a = () => import('../session/s.js')` },
      ['protocol/a.ts imports session/s.ts'],
    ],
    [
      'under a name that cannot be read',
      { 'client/a.ts': `export const a = (name: string) => import(name)` },
      ['client/a.ts imports a computed name (name)'],
    ],
    [
      'session re-exports storage',
      { 'session/a.ts': `export * from '../storage/s.js'` },
      ['session/a.ts imports storage/s.ts'],
    ],
    [
      'siblings know one another',
      {
        'storage/a.ts': `import '../tabs/t.js'`,
        'tabs/t.ts': `import '../navigation/n.js'`,
        'navigation/n.ts': 'export {}',
      },
      ['storage/a.ts imports tabs/t.ts', 'tabs/t.ts imports navigation/n.ts'],
    ],
    [
      'a sibling uses the platform',
      { 'tabs/a.ts': `import { type P, p } from '../platform/p.js'\nexport const a: P = p` },
      ['tabs/a.ts imports platform/p.ts for more than its types'],
    ],
    [
      'http knows the session',
      { 'http/a.ts': `import '../session/s.js'` },
      ['http/a.ts imports session/s.ts'],
    ],
    [
      'platform knows the storage',
      { 'platform/a.ts': `import '../storage/s.js'` },
      ['platform/a.ts imports storage/s.ts'],
    ],
    [
      'a leaf imports anything',
      { 'errors.ts': `import type { A } from './types.js'\nexport type B = A` },
      ['errors.ts imports types.ts'],
    ],
    [
      'another layer than protocol imports oauth4webapi',
      { 'client/a.ts': `import 'oauth4webapi'`, 'index.ts': `export * from 'oauth4webapi'` },
      ['client/a.ts imports oauth4webapi', 'index.ts imports oauth4webapi'],
    ],
    [
      'protocol imports another package',
      { 'protocol/a.ts': `import 'jose'` },
      ['protocol/a.ts imports jose'],
    ],
    [
      'a public file reaches past the client',
      { 'index.ts': `export * from './session/s.js'` },
      ['index.ts imports session/s.ts'],
    ],
    [
      'client imports a public file',
      { 'client/a.ts': `import '../index.js'`, 'index.ts': 'export {}' },
      ['client/a.ts imports index.ts'],
    ],
    [
      'something outside src',
      { 'client/a.ts': `import '../../test/t.js'` },
      ['client/a.ts imports ../test/t.ts, outside src'],
    ],
    ['a folder nobody planned', { 'utils/a.ts': 'export {}' }, ['utils/a.ts is in no layer']],
    [
      'a circle, even of types',
      {
        'http/a.ts': `import type { B } from './b.js'\nexport type A = B`,
        'http/b.ts': `import type { C } from './c.js'\nexport type B = C`,
        'http/c.ts': `import type { A } from './a.js'\nexport type C = A`,
      },
      ['http/a.ts → http/b.ts → http/c.ts → http/a.ts is a circle'],
    ],
    [
      'a global by its name, in a value and in a type',
      {
        'protocol/a.ts': 'export const a = () => document.title',
        'session/a.ts': 'export const a = () => typeof window',
        'storage/a.ts': 'export const a = (of: typeof localStorage) => of',
        'http/a.ts': 'export const a = () => ({ location })',
      },
      [
        'protocol/a.ts mentions the global document',
        'session/a.ts mentions the global window',
        'storage/a.ts mentions the global localStorage',
        'http/a.ts mentions the global location',
      ],
    ],
    [
      'a global by way of another',
      {
        'protocol/a.ts': 'export const a = () => globalThis.history',
        'session/a.ts': `export const a = () => globalThis['sessionStorage']`,
        'storage/a.ts': 'export const a = () => { const { document: d } = self; return d }',
        'http/a.ts': 'export const a = () => self.location.href',
      },
      [
        'protocol/a.ts mentions the global history',
        'session/a.ts mentions the global sessionStorage',
        'storage/a.ts mentions the global document',
        'http/a.ts mentions the global location',
      ],
    ],
    [
      'a clock in the protocol',
      {
        'protocol/a.ts': 'export const a = () => new Date()',
        'protocol/b.ts': 'export const b = () => Date.now()',
        'protocol/c.ts': 'export const c = () => setTimeout(() => {}, 1)',
      },
      [
        'protocol/a.ts mentions the global Date',
        'protocol/b.ts mentions the global Date',
        'protocol/c.ts mentions the global setTimeout',
      ],
    ],
    [
      'a file of 251 lines',
      { 'http/a.ts': 'export {}\n'.repeat(251) },
      ['http/a.ts has 251 lines, of 250 at most'],
    ],
  ])('%s', ([, sources, complaints]) => {
    expect(inspect(sources)).toEqual(complaints)
  })
})
