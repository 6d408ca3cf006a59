import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listResource, matchResource } from '../../../src/http/match-resource.ts'
import { keepPrototype, verdictOf } from './parsing.ts'

keepPrototype()

test.for([
  '%25%32%65%25%32%65/admin',
  '%2%65%2%65/admin',
  '%%32%65%%32%65/admin',
  '..%25%32%66admin',
  '..%25%35%43admin',
  '..%c1%9cadmin',
  '%25252525252525252525252%35%32%65',
  `${'%'.repeat(9)}${'32%35'.repeat(9)}2e`,
])('matchResource() lets no encoding of an encoding out of a path: %s (R97)', (path) => {
  const listed = [
    listResource({ url: 'https://api.example/v1/' }, new URL('https://api.example/v1/')),
  ]
  expect(verdictOf(() => matchResource(listed, `https://api.example/v1/${path}`))).toBe(
    'origin_not_allowed: This URL at https://api.example is not under a listed resource; nothing was sent.',
  )
})

test.for([
  ['https://api.example/v2', 'This URL at https://api.example'],
  ['https://monika@api.example/v1/', 'This URL at https://api.example'],
  ['https://api.example.evil.example/v1/', 'https://api.example.evil.example'],
  ['http://api.example/v1/', 'http://api.example'],
  ['data:,v1', 'This URL'],
  ['https://', 'This URL'],
])('matchResource() says whether it is the host that is not listed: %s', ([url = '', name]) => {
  const listed = [
    listResource({ url: 'https://api.example/v1/' }, new URL('https://api.example/v1/')),
  ]
  expect(verdictOf(() => matchResource(listed, url))).toBe(
    `origin_not_allowed: ${name} is not under a listed resource; nothing was sent.`,
  )
})

test.for(['100%25', '100%2525', '%41%42', 'a%20b', '%E2%82%AC', '%zz', '%'])(
  'matchResource() lets through what is encoded and no separator: %s (R97)',
  (path) => {
    const listed = listResource(
      { url: 'https://api.example/v1/' },
      new URL('https://api.example/v1/'),
    )
    expect(matchResource([listed], `https://api.example/v1/${path}`)).toBe(listed)
  },
)

test('listResource() keeps the scopes as they were given', () => {
  const scope = ['read']
  const url = 'https://api.example/v1/'
  const listed = listResource({ url, scope }, new URL(url))
  scope.push('write')
  expect(listed.scope).toEqual(['read'])
})

test('matchResource() takes the longest path, and nothing outside the exact origin', () => {
  const list = [
    'https://api.example/',
    'https://api.example/v1/',
    'https://api.example/v1/deep',
  ].map((url) => listResource({ url }, new URL(url)))
  const match = (url: string) => matchResource(list, url, 'https://app.example/').path
  expect(match('https://api.example/x')).toBe('')
  expect(match('https://api.example/v1/x')).toBe('/v1')
  expect(match('https://api.example/v1/deep?x')).toBe('/v1/deep')
  expect(match('https://api.example/v1/deeper')).toBe('/v1')
  fc.assert(
    fc.property(
      fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string({ unit: 'binary' })),
      (url) => {
        const verdict = verdictOf(() => matchResource(list, url, 'https://app.example/'))
        const allowed = typeof verdict !== 'string'
        const { origin } = URL.canParse(url, 'https://app.example/')
          ? new URL(url, 'https://app.example/')
          : { origin: '' }
        expect(allowed).toBe(origin === 'https://api.example')
      },
    ),
    { numRuns: 1000 },
  )
})
