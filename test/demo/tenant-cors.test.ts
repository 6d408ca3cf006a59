import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startTenant, type Tenant } from '../../demo/tenant/start-tenant.mjs'

const ORIGIN = 'http://localhost:4999'

let tenant: Tenant
let defaults: Tenant['switches']

beforeAll(async () => {
  tenant = await startTenant()
  defaults = { ...tenant.switches }
})
afterEach(() => tenant.set(defaults))
afterAll(() => tenant.stop())

const ask = (path: string, method: string, origin = ORIGIN) =>
  fetch(tenant.url + path, { method, headers: { origin } })

describe.each([
  ['corsMetadata', '/taxefile/.well-known/openid-configuration', 'GET'],
  ['corsMetadata', '/.well-known/openid-configuration', 'GET'],
  ['corsKeys', '/OAuth2/Keys/taxefile', 'GET'],
  ['corsToken', '/OAuth2/Token/taxefile', 'POST'],
  ['corsUserinfo', '/OAuth2/UserInfo/taxefile', 'GET'],
  ['corsRevoke', '/OAuth2/Revoke/taxefile', 'POST'],
  ['corsRest', '/cdirectoryservice/getuser', 'GET'],
] as const)('%s, %s', (endpointSwitch, path, method) => {
  test('on: a trusted domain may read the answer, without credentials', async () => {
    const { headers } = await ask(path, method)
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    expect(headers.get('vary')).toBe('Origin')
  })

  test('on: preflights are granted', async () => {
    const { status, headers } = await ask(path, 'OPTIONS')
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(headers.get('access-control-allow-headers')).toBe('Authorization, Content-Type')
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST')
  })

  test('off: nobody may', async () => {
    tenant.set({ [endpointSwitch]: 'off' })
    const { headers } = await ask(path, method)
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect((await ask(path, 'OPTIONS')).headers.get('access-control-allow-headers')).toBeNull()
  })
})

describe('trusted DNS domains', () => {
  const allowed = async (origin: string) => {
    const { headers } = await ask('/OAuth2/Keys/taxefile', 'GET', origin)
    return headers.get('access-control-allow-origin')
  }

  test('are host names: scheme and port do not count', async () => {
    expect(await allowed('https://localhost')).toBe('https://localhost')
    expect(await allowed('http://localhost:1')).toBe('http://localhost:1')
  })

  test.each(['http://app.localhost', 'http://127.0.0.1', 'http://localhost.example', 'null'])(
    'do not include %s',
    async (origin) => {
      expect(await allowed(origin)).toBeNull()
    },
  )

  test('may have a wildcard for the hosts below a domain', async () => {
    tenant.set({ trustedDomains: ['*.example.com'] })
    expect(await allowed('https://app.example.com')).toBe('https://app.example.com')
    expect(await allowed('https://example.com')).toBeNull()
    expect(await allowed('https://badexample.com')).toBeNull()
  })

  test('preflight refused: answers may be read, preflights are not granted', async () => {
    tenant.set({ preflight: 'refused' })
    expect(await allowed(ORIGIN)).toBe(ORIGIN)
    const { headers } = await ask('/OAuth2/UserInfo/taxefile', 'OPTIONS')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  test('mean nothing to the endpoints that a browser navigates to', async () => {
    for (const path of ['/OAuth2/Authorize/taxefile', '/OAuth2/EndSessionV2/taxefile', '/login']) {
      const { headers } = await ask(path, 'GET')
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})
