// @ts-check
/**
 * `npm run bench:fetch`: what a call costs with a token at hand, beside three peers. The time that is
 * added to `fetch` with the network stubbed and on loopback, and how often a second the token itself
 * is to be had. Interleaved in one run, in Chromium, medians. `--rounds=15`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { chromium } from 'playwright-core'
import { findBrowser } from '../browsers/find-browser.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const ROUNDS = Number(/--rounds=(\d+)/.exec(process.argv.join(' '))?.[1] ?? 15)
const OURS = 'tessera-auth'

if (!existsSync(`${HERE}node_modules`)) {
  const npm = process.env.npm_execpath
  const [file = 'npm', ...args] = npm ? [process.execPath, npm] : ['npm']
  spawnSync(file, [...args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: HERE })
}

const { outputFiles } = await build({
  entryPoints: [`${HERE}fetch/page.js`],
  bundle: true,
  alias: { 'tessera-auth': fileURLToPath(new URL('../../dist/index.js', import.meta.url)) },
  minify: true,
  format: 'esm',
  write: false,
})
const script = outputFiles[0]?.text ?? ''

const { privateKey, publicKey } = await generateKeyPair('RS256')
/** @param {string} issuer @param {object} claims */
const sign = (issuer, claims) =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .setIssuer(issuer)
    .setAudience('app')
    .setSubject('monika')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey)

/** @param {string} issuer @param {string} nonce */
const tokenResponse = async (issuer, nonce) =>
  JSON.stringify({
    access_token: tokens.access,
    refresh_token: tokens.access,
    token_type: 'Bearer',
    expires_in: 3600,
    id_token: await sign(issuer, { nonce }),
  })

let nonce = ''
const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', origin)
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-headers', 'authorization')
  response.setHeader('access-control-max-age', '7200')
  if (url.pathname === '/authorize') {
    nonce = url.searchParams.get('nonce') ?? ''
    const state = url.searchParams.get('state')
    const location = `${url.searchParams.get('redirect_uri')}?code=c&state=${state}`
    return void response.writeHead(303, { location }).end()
  }
  if (url.pathname === '/token') {
    response.setHeader('content-type', 'application/json')
    return void response.end(await tokenResponse(origin, nonce))
  }
  if (url.pathname.startsWith('/api/')) return void response.end('{}')
  response.setHeader('content-type', 'text/html')
  const given = JSON.stringify({ api: `${origin}/api/`, metadata, tokens })
  response.end(`<!doctype html><title>bench</title><script>given = ${given}</script>
    <script type="module">${script.replaceAll('</script', '<\\/script')}</script>`)
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
const origin = `http://localhost:${port}`
const metadata = {
  issuer: origin,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] },
}
const tokens = {
  access: await sign(origin, { scope: 'openid orders' }),
  id: await sign('https://idp.example/', { preferred_username: 'monika', oid: 'monika' }),
}

const executablePath = findBrowser('chromium')
if (!executablePath)
  throw new Error('No Chromium was found: run `npm test` once, which installs it.')
const browser = await chromium.launch({
  executablePath,
  chromiumSandbox: process.getuid?.() !== 0,
  args: ['--no-first-run', '--disable-background-networking'],
})
try {
  const page = await browser.newPage()
  await page.exposeFunction('noteNonce', (/** @type {string} */ value) => {
    nonce = value
  })
  // The peers take providers by https: alone.
  await page.route('https://idp.example/**', async (route) =>
    route.fulfill({
      contentType: 'application/json',
      headers: { 'access-control-allow-origin': '*' },
      body: await tokenResponse('https://idp.example/', nonce),
    }),
  )
  await page.goto(origin)
  await page.waitForURL(/callback/)
  await page.waitForFunction('globalThis.measure && isReady')
  print(await page.evaluate(`measure(${ROUNDS})`))
} finally {
  await browser.close()
  server.closeAllConnections()
  server.close()
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/**
 * @param {{
 *   samples: Record<string, Record<string, number[]>>
 *   failures: Record<string, string>
 *   fetchers: Record<string, string>
 * }} result
 */
function print({ samples, failures, fetchers }) {
  console.log(`Medians of ${ROUNDS} rounds, in Chromium ${browser.version()}.`)
  /** @param {string} kind @param {string} title @param {(time: number, base: number) => [number, string]} show */
  const table = (kind, title, show) => {
    console.log(`\n${title}\n`)
    const times = new Map(Object.entries(samples[kind] ?? {}).map(([k, all]) => [k, median(all)]))
    const base = times.get('none') ?? 0
    const [own] = show(times.get(OURS) ?? Number.NaN, base)
    for (const [name, time] of times) {
      const [value, text] = show(time, base)
      const ratio = name === 'none' ? '' : `x ${(value / own).toFixed(2)}`
      console.log(
        `  ${name.padEnd(14)}${text.padStart(16)}${ratio.padStart(10)}   ${fetchers[name]}`,
      )
    }
  }
  const micros = (/** @type {number} */ time) => `${time.toFixed(2)} µs`
  table('token', 'A token at hand, calls per second (getAccessToken and the like):', (time) => [
    1e6 / time,
    Math.round(1e6 / time).toLocaleString('en'),
  ])
  table(
    'stubbed',
    'Added to a call with the network stubbed ("none": the stub alone):',
    (time, base) => (time === base ? [time, micros(time)] : [time - base, micros(time - base)]),
  )
  table('loopback', 'A call on loopback ("none": the native fetch):', (time) => [
    time,
    micros(time),
  ])
  for (const [name, reason] of Object.entries(failures)) {
    console.log(`\n${name} cannot be measured: ${reason}`)
  }
  console.log('\nmsal-browser and keycloak-js have no fetch of their own: the app adds the header.')
}
