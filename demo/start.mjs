/**
 * `npm start`: everything the demo needs, on a fresh clone with nothing but Node and npm. Imports
 * only Node's own modules until the packages are there.
 */
import { parseArgs } from 'node:util'
import { assertKnownFlags } from './assert-known-flags.mjs'
import { buildDemo, installPackages } from './build-demo.mjs'
import { DEMO_SWITCHES } from './demo-switches.mjs'
import { readRealTenant } from './real-tenant.mjs'
import { parseTenantFlags, TENANT_SWITCHES } from './tenant/switches.mjs'

const PORTS = { app: 8400, tenant: 8401, bank: 8402 }

const OPTIONS = /** @type {const} */ ({
  port: { type: 'string' },
  'port-tenant': { type: 'string' },
  'port-bank': { type: 'string' },
  application: { type: 'string', default: 'taxefile' },
  'own-app': { type: 'string', default: 'http://localhost:5173' },
  help: { type: 'boolean', default: false },
})

const HELP = `npm start -- [flags]

  --port=8400          port of Tax eFile
  --port-tenant=8401   port of the demo tenant
  --port-bank=8402     port of the bank's API
  --application=NAME   taxefile (OpenID Connect, the default) or taxefile-api (OAuth2 Client)
  --own-app=http://localhost:5173
                       origin of an app of your own: the demo tenant knows its /callback and
                       /signed-out, and the bank's API answers its pages
  --help               this text

The demo tenant behaves as its switches say, here with their defaults:

${Object.entries(TENANT_SWITCHES).map(describeSwitch).join('\n')}

With CYBERARK_TENANT, CYBERARK_APPLICATION and CYBERARK_CLIENT_ID set, Tax eFile signs in at that
tenant instead.
`

try {
  await main(process.argv.slice(2))
} catch (thrown) {
  const error = /** @type {Error} */ (thrown)
  console.error(`\n${error.message}`)
  if (error.cause instanceof Error) console.error(`(${error.cause.message})`)
  process.exit(1)
}

/** @param {string[]} argv */
async function main(argv) {
  const { switches, flags } = parseCommandLine(argv)
  if (flags.help) return console.log(HELP)
  const realTenant = readRealTenant(process.env)
  await installPackages(progress)
  await buildDemo(progress)
  const { startDemo } = await import('./start-demo.mjs')
  const ports = await choosePorts(flags, realTenant !== null)
  const { application, ownApp } = flags
  const demo = await startDemo({ ports, switches, realTenant, application, ownApp })
  stopOnSignal(demo.stop)
  for (const line of describeDemo(demo, realTenant, flags)) console.log(line)
  console.log(`Demo ready: ${demo.appUrl}`)
}

/** @param {string[]} argv */
function parseCommandLine(argv) {
  const own = Object.keys(OPTIONS).map((name) => `--${name}`)
  try {
    assertKnownFlags(argv, [...own, ...Object.keys(TENANT_SWITCHES).map(formatTenantFlag)])
    const switches = parseTenantFlags(argv)
    return { switches, flags: parseFlags(argv.filter((each) => !each.startsWith('--tenant-'))) }
  } catch (thrown) {
    const { message } = /** @type {Error} */ (thrown)
    throw new TypeError(`${message.replace(/\w$/, '$&.')} See npm start -- --help`)
  }
}

/** @param {string[]} args */
function parseFlags(args) {
  const { values } = parseArgs({ args, options: OPTIONS })
  const { application } = values
  if (application !== 'taxefile' && application !== 'taxefile-api') {
    throw new TypeError(`--application is taxefile or taxefile-api, not "${application}".`)
  }
  const ownApp = URL.canParse(values['own-app']) ? new URL(values['own-app']).origin : ''
  if (!ownApp.startsWith('http')) {
    throw new TypeError(
      `--own-app is an origin such as http://localhost:5173, not "${values['own-app']}".`,
    )
  }
  return {
    ...values,
    ownApp,
    application: /** @type {'taxefile' | 'taxefile-api'} */ (application),
  }
}

/**
 * The ports to use. Where none was asked for and the usual one is taken, any free one does, except
 * for the app with a real tenant, which knows the app by its address.
 *
 * @param {ReturnType<typeof parseFlags>} flags
 * @param {boolean} isRegistered
 */
async function choosePorts(flags, isRegistered) {
  const app = flags.port ?? (isRegistered ? String(PORTS.app) : undefined)
  return {
    app: await choosePort(app, PORTS.app),
    tenant: await choosePort(flags['port-tenant'], PORTS.tenant),
    bank: await choosePort(flags['port-bank'], PORTS.bank),
  }
}

/**
 * @param {string | undefined} asked
 * @param {number} usual
 */
async function choosePort(asked, usual) {
  const port = Number(asked ?? usual)
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new TypeError(`A port is a number from 0 to 65535, not "${asked}".`)
  }
  if (await isFree(port)) return port
  if (asked === undefined) {
    console.log(`Port ${port} is taken, so another one is used.`)
    return 0
  }
  throw new TypeError(`Port ${port} is taken. Stop what uses it, or choose another one.`)
}

/** @param {number} port */
async function isFree(port) {
  const { listenOnLoopback } = await import('./tenant/listen-on-loopback.mjs')
  try {
    const server = await listenOnLoopback(() => {}, port)
    await server.close()
    return true
  } catch (error) {
    const { code = '' } = /** @type {NodeJS.ErrnoException} */ (error)
    if (['EADDRINUSE', 'EACCES'].includes(code)) return false
    throw error
  }
}

/**
 * @param {import('./start-demo.mjs').Demo} demo
 * @param {import('./real-tenant.mjs').RealTenant | null} realTenant
 * @param {ReturnType<typeof parseFlags>} flags
 */
function describeDemo({ tenant, tenantUrl, bankUrl, appUrl }, realTenant, { ownApp, application }) {
  const bank = `Bank's API    ${bankUrl}`
  if (!tenant) {
    return [
      '',
      `Signing in at the real tenant ${tenantUrl}, application ${realTenant?.application}.`,
      `Registered there have to be: redirect URI ${appUrl}/callback,`,
      `post-logout redirect URI ${appUrl}/signed-out, trusted DNS domain ${new URL(appUrl).hostname}.`,
      bank,
    ]
  }
  const user = tenant.users['monika.a']
  return [
    '',
    `Demo tenant   ${tenantUrl}   user ${user?.username}, password ${user?.password}`,
    bank,
    '',
    `For an app of your own at ${ownApp} (another: --own-app=…):`,
    `  tenant '${tenantUrl}', application '${application}',`,
    `  clientId '${tenant.apps[application].clientId}',`,
    `  redirectUri '/callback', postLogoutRedirectUri '/signed-out',`,
    `  resources [{ url: '${bankUrl}/api/', scope: ['accounts.read'] }]; then call ${bankUrl}/api/accounts`,
    '',
  ]
}

/** @param {() => Promise<void>} stop */
function stopOnSignal(stop) {
  const end = async () => {
    await stop()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, end)
  if (process.env.npm_lifecycle_event !== 'start') return
  // Who ends npm by a signal ends npm alone: it hands none on to what its shell runs.
  const { ppid } = process
  const watching = setInterval(() => {
    if (process.ppid === ppid) return
    clearInterval(watching)
    void end()
  }, 500)
}

/**
 * Says what is going on while it takes its time.
 *
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function progress(what, work) {
  const started = Date.now()
  console.log(`${what} …`)
  const still = setInterval(() => {
    console.log(`  still at it, ${Math.round((Date.now() - started) / 1000)} s`)
  }, 10_000)
  try {
    return await work()
  } finally {
    clearInterval(still)
    console.log(`  ${((Date.now() - started) / 1000).toFixed(1)} s`)
  }
}

/** @param {[string, import('./tenant/switches.mjs').Switch]} entry */
function describeSwitch([name, { default: usual, values, about }]) {
  const standard = /** @type {Record<string, unknown>} */ (DEMO_SWITCHES)[name] ?? usual
  return `  ${formatTenantFlag(name)}=${standard}${values ? `   (${values.join(', ')})` : ''}\n      ${about}`
}

/** @param {string} name */
function formatTenantFlag(name) {
  return `--tenant-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
