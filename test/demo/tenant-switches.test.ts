import { expect, test } from 'vitest'
import { parseTenantFlags, resolveSwitches, TENANT_SWITCHES } from '../../demo/tenant/switches.mjs'

test('resolveSwitches() gives every switch its default', () => {
  const defaults = Object.entries(TENANT_SWITCHES).map(([name, value]) => [name, value.default])
  expect(resolveSwitches({})).toStrictEqual(Object.fromEntries(defaults))
})

test('resolveSwitches() changes what is asked and keeps the rest', () => {
  const current = resolveSwitches({ refresh: 'allowed' })
  expect(resolveSwitches({ latency: 20 }, current)).toStrictEqual({ ...current, latency: 20 })
})

test('every default is one of its values', () => {
  for (const [name, { default: standard, ...rest }] of Object.entries(TENANT_SWITCHES)) {
    if ('values' in rest) expect(rest.values, name).toContain(standard)
  }
})

test.each([
  [{ refesh: 'allowed' }, /^The tenant has no switch "refesh"\. It has: clientType, /],
  [{ toString: 'x' }, /^The tenant has no switch "toString"\./],
  [
    { refresh: 'yes' },
    /^The tenant's switch "refresh" takes one of: withheld, refused, allowed\.$/,
  ],
  [{ latency: '20' }, /^The tenant's switch "latency" takes a number\.$/],
  [
    { trustedDomains: ['https://app.example.com'] },
    /^The tenant's switch "trustedDomains" takes host names, without scheme and port\.$/,
  ],
])('resolveSwitches(%o) throws', (changes, message) => {
  expect(() => resolveSwitches(changes as never)).toThrow(TypeError)
  expect(() => resolveSwitches(changes as never)).toThrow(message)
})

test('parseTenantFlags() reads words, numbers and lists', () => {
  const argv = [
    '--port=4000',
    '--tenant-refresh=Allowed',
    '--tenant-client-type=confidential',
    '--tenant-clock-offset=-3600',
    '--tenant-trusted-domains=localhost,*.example.com',
    'rest',
  ]
  expect(parseTenantFlags(argv)).toStrictEqual({
    refresh: 'allowed',
    clientType: 'Confidential',
    clockOffset: -3600,
    trustedDomains: ['localhost', '*.example.com'],
  })
})

test.each([
  ['--tenant-refesh=allowed', /^The tenant has no switch "--tenant-refesh=allowed"\./],
  ['--tenant-refresh', /^The tenant's switch "--tenant-refresh" takes one of: withheld, /],
  ['--tenant-latency=', /^The tenant's switch "--tenant-latency=" takes a number\.$/],
  ['--tenant-trusted-domains=a:80', /takes host names, without scheme and port\.$/],
])('parseTenantFlags() refuses %s', (flag, message) => {
  expect(() => parseTenantFlags([flag])).toThrow(message)
})
