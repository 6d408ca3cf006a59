// @ts-check
/**
 * `npm run bench:callback`: the time from opening the callback page to a verified access token, and
 * the requests to the provider that it took, beside a flow written by hand on oauth4webapi alone.
 * Interleaved in one run, in Chromium, medians. `--rounds=15`.
 *
 * Cold: the first sign-in of a profile. Warm: the next one, with metadata and keys kept from before.
 */
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { startTenant } from '../../demo/tenant/start-tenant.mjs'
import { findBrowser } from '../browsers/find-browser.mjs'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const NAMES = /** @type {const} */ (['tessera-auth', 'floor'])
const ROUNDS = Number(/--rounds=(\d+)/.exec(process.argv.join(' '))?.[1] ?? 15)

/** @typedef {{ time: number; requests: number }} Sample */

const bundles = Object.fromEntries(
  await Promise.all(
    NAMES.map(async (name) => {
      const { outputFiles } = await build({
        stdin: {
          contents: `import { run } from './test/bench/callback/${name}.js'
            fetch('/options').then((answer) => answer.json()).then(run).then((time) => { globalThis.time = time })`,
          resolveDir: ROOT,
        },
        bundle: true,
        alias: { 'tessera-auth': `${ROOT}dist/index.js` },
        minify: true,
        format: 'esm',
        write: false,
      })
      return [name, outputFiles[0]?.text ?? '']
    }),
  ),
)

const tenant = await startTenant({ switches: { consent: 'never' } })
const { issuer, clientId } = tenant.apps.taxefile
let warm = false
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const [, name = ''] = pathname.split('/')
  if (pathname.endsWith('.js')) {
    response.setHeader('content-type', 'text/javascript')
    response.end(bundles[name.replace('.js', '')])
  } else if (pathname === '/options') {
    const app = new URL(request.headers.referer ?? origin).pathname.split('/')[1]
    const redirectUri = `${origin}/${app}/callback`
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ issuer, clientId, redirectUri, warm }))
  } else {
    response.setHeader('content-type', 'text/html')
    response.end(
      `<!doctype html><title>bench</title><script type="module" src="/${name}.js"></script>`,
    )
  }
})
await new Promise((resolve) => server.listen(0, () => resolve(undefined)))
const origin = `http://localhost:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`
tenant.registerRedirectUris(...NAMES.map((name) => `${origin}/${name}/callback`))

const executablePath = findBrowser('chromium')
if (!executablePath)
  throw new Error('No Chromium was found: run `npm test` once, which installs it.')
const browser = await chromium.launch({
  executablePath,
  chromiumSandbox: process.getuid?.() !== 0,
  args: ['--no-first-run', '--disable-background-networking'],
})

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name
 * @returns {Promise<Sample>}
 */
async function signIn(page, name) {
  /** @type {number} */
  let back = 0
  const count = () =>
    tenant.log.filter(
      ({ path, method }) => method !== 'OPTIONS' && /token|keys|well-known/i.test(path),
    ).length
  page.once('request', () => {})
  const watch = (/** @type {import('playwright-core').Request} */ request) => {
    if (request.url().startsWith(`${origin}/${name}/callback`)) back = count()
  }
  page.on('request', watch)
  await page.goto(`${origin}/${name}/`)
  const time = await page.waitForFunction(() => /** @type {any} */ (globalThis).time, undefined, {
    polling: 20,
  })
  page.off('request', watch)
  return { time: Number(await time.jsonValue()), requests: count() - back }
}

/** @param {number[]} values */
const median = (values) => [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0

console.log('provider   caches   ', ...NAMES.map((name) => name.padEnd(28)), 'ratio')
for (const latency of [0, 50]) {
  tenant.setLatency(latency)
  /** @type {Record<string, Record<string, Sample[]>>} */
  const samples = { cold: {}, warm: {} }
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of round % 2 ? NAMES : [...NAMES].reverse()) {
      const context = await browser.newContext()
      const page = await context.newPage()
      // The user is signed in at the provider: its pages ask for nothing, and cost the same for both.
      tenant.setLatency(0)
      await page.goto(`${tenant.url}/login`)
      await page.fill('#username', 'monika.a')
      await page.fill('#password', 'Monika-demo-1')
      await page.click('button')
      await page.waitForLoadState()
      tenant.setLatency(latency)
      for (const state of ['cold', 'warm']) {
        warm = state === 'warm'
        tenant.clearLog()
        const list = samples[state] ?? {}
        list[name] = [...(list[name] ?? []), await signIn(page, name)]
      }
      await context.close()
    }
    process.stderr.write(`\r${latency} ms: round ${round + 1} of ${ROUNDS}  `)
  }
  process.stderr.write('\r')
  for (const [state, list] of Object.entries(samples)) {
    const cells = NAMES.map((name) => ({
      time: median((list[name] ?? []).map(({ time }) => time)),
      requests: median((list[name] ?? []).map(({ requests }) => requests)),
    }))
    const ratio = (cells[0]?.time ?? 0) / (cells[1]?.time ?? 1)
    console.log(
      `${String(latency).padStart(3)} ms     ${state.padEnd(8)} `,
      ...cells.map(({ time, requests }) =>
        `${time.toFixed(1)} ms, ${requests} requests`.padEnd(28),
      ),
      ratio.toFixed(2),
    )
  }
}
await browser.close()
server.close()
server.closeAllConnections()
await tenant.stop()
