import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Feature, ForeignProvider, Installation } from './foreign-provider.ts'
import { startServer } from './start-server.ts'

const PASSWORD = 'Monika-demo-1'
const ALWAYS: readonly Feature[] = ['end-session']

/** How its issuers differ; each has its own path, as a plugin of Glewlwyd does. */
const INSTALLATIONS = {
  rotating: { key: 'rsa', parameters: { 'oauth-as-iss-id': true } },
  keeping: {
    key: 'ecdsa',
    parameters: { 'refresh-token-one-use': 'never', 'access-token-duration': 30 },
  },
  'signs by EdDSA': { key: 'eddsa', parameters: {} },
  'signs by PS256': { key: 'rsa-pss', parameters: {} },
  'no refresh': { key: 'rsa', parameters: { 'auth-type-refresh-enabled': false } },
  'PAR and DPoP': {
    key: 'rsa',
    parameters: {
      'oauth-dpop-allowed': true,
      'oauth-dpop-iat-duration': 60,
      'oauth-par-allowed': true,
      'oauth-par-required': true,
      'oauth-par-duration': 90,
      'oauth-par-request_uri-prefix': 'urn:ietf:params:oauth:request_uri:',
    },
  },
} as const

const KEYS = {
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'rsa-pss': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ecdsa: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  eddsa: () => generateKeyPairSync('ed25519'),
} satisfies Record<string, () => KeyPairKeyObjectResult>

/** Glewlwyd (C), from Debian's package, with an issuer for each way of its that could matter. */
export async function startGlewlwyd(origin: string): Promise<ForeignProvider> {
  const server = await startServer({
    name: 'glewlwyd',
    path: '/api/',
    async prepare(folder, port) {
      const database = join(folder, 'database')
      const schema = '/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz'
      execFileSync('sqlite3', [database], { input: gunzipSync(await readFile(schema)) })
      const pages = join(folder, 'pages')
      await mkdir(pages)
      // Without its config.json, which Debian's package turns into a folder by mistake.
      await cp('/usr/share/glewlwyd/webapp', pages, {
        recursive: true,
        dereference: true,
        filter: (source) => !source.endsWith('config.json'),
      })
      await cp('/usr/share/glewlwyd/templates/config.json', join(pages, 'config.json'))
      await writeFile(join(folder, 'glewlwyd.conf'), configuration(port, pages, database))
      return { command: ['glewlwyd', `--config-file=${join(folder, 'glewlwyd.conf')}`] }
    },
  })
  const api = `http://localhost:${server.port}/api`
  try {
    const installations = await setUp(api, origin)
    return { name: 'Glewlwyd', installations, ...PAGES, output: server.output, stop: server.stop }
  } catch (error) {
    await server.stop()
    throw error
  }
}

const PAGES: Pick<ForeignProvider, 'signIn' | 'signOut'> = {
  async signIn(page, origin) {
    await page.fill('#username', 'monika')
    await page.fill('#password', PASSWORD)
    await page.click('button[type=submit]')
    const grant = page.getByRole('button', { name: 'Grant access' })
    const proceed = page.getByRole('button', { name: 'Continue' })
    // It remembers what was granted, and asks once.
    await proceed.waitFor()
    if (await grant.isVisible()) {
      for (const box of await page.locator('input[type=checkbox]:enabled').all()) await box.check()
      await grant.click()
    }
    // Its page draws the buttons anew when it has heard what was granted: a click may come too soon.
    let isOver = false
    const back = page
      .waitForURL((url) => url.origin === origin)
      .finally(() => {
        isOver = true
      })
    const goOn = async () => {
      while (!isOver) await proceed.click({ timeout: 1_000 }).catch(() => {})
    }
    await Promise.all([back, goOn()])
  },
  async signOut(page, origin) {
    await page.locator('button.btn-danger', { hasText: 'Logout' }).first().click()
    await page.waitForURL((url) => url.origin === origin)
  },
}

function configuration(port: number, pages: string, database: string): string {
  return `port = ${port}
bind_address = "127.0.0.1"
external_url = "http://localhost:${port}/"
login_url = "login.html"
api_prefix = "api"
static_files_path = "${pages}"
static_files_mime_types = (
  { extension = ".html" mime_type = "text/html" },
  { extension = ".css" mime_type = "text/css" },
  { extension = ".js" mime_type = "application/javascript" },
  { extension = ".json" mime_type = "application/json" },
  { extension = "*" mime_type = "application/octet-stream" }
)
allow_origin = "*"
allow_methods = "GET, POST, PUT, DELETE, OPTIONS"
allow_headers = "Origin, X-Requested-With, Content-Type, Accept, Bearer, Authorization, DPoP"
expose_headers = "Content-Encoding, Authorization"
log_mode = "console"
log_level = "WARNING"
cookie_secure = 0
cookie_same_site = "empty"
session_expiration = 2419200
session_key = "GLEWLWYD2_SESSION_ID"
admin_session_authentication = "cookie"
profile_session_authentication = "cookie"
add_x_frame_option_header_deny = false
admin_scope = "g_admin"
profile_scope = "g_profile"
user_module_path = "/usr/lib/glewlwyd/user"
client_module_path = "/usr/lib/glewlwyd/client"
user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
plugin_module_path = "/usr/lib/glewlwyd/plugin"
use_secure_connection = false
secure_connection_key_file = "/dev/null"
secure_connection_pem_file = "/dev/null"
secure_connection_ca_file = "/dev/null"
hash_algorithm = "SHA512"
database = { type = "sqlite3" path = "${database}" }
`
}

/** Makes issuers, scopes, a user and a client, by the interface that its admin page uses too. */
async function setUp(api: string, origin: string): Promise<Installation[]> {
  let cookie = ''
  const send = async (method: string, path: string, body?: object): Promise<Response> => {
    const response = await fetch(`${api}/${path}`, {
      method,
      headers: { 'content-type': 'application/json', cookie },
      ...(body && { body: JSON.stringify(body) }),
    })
    cookie ||= response.headers.get('set-cookie')?.split(';')[0] ?? ''
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response
  }
  const post = (path: string, body: object) => send('POST', `${path}/`, body)
  await post('auth', { username: 'admin', password: 'password' })
  for (const name of ['profile', 'accounts.read', 'payments.write']) {
    const names = { name, display_name: name, description: name }
    await post('scope', { ...names, password_required: false, password_max_age: 0 })
  }
  await post('user', {
    username: 'monika',
    password: PASSWORD,
    name: 'Monika A.',
    email: 'monika@app.example',
    enabled: true,
    scope: ['openid', 'profile', 'accounts.read', 'g_profile'],
  })
  // It looks for this property of a client, and its packaged database does not know it.
  const clients = JSON.parse(await (await send('GET', 'mod/client/database')).text())
  clients.parameters['data-format'].post_logout_redirect_uris = {
    multiple: true,
    read: true,
    write: true,
  }
  await send('PUT', 'mod/client/database', clients)
  await send('PUT', 'mod/client/database/reset')
  await post('client', {
    client_id: 'app',
    name: 'Tax eFile',
    enabled: true,
    confidential: false,
    token_endpoint_auth_method: ['none'],
    redirect_uri: [`${origin}/callback`],
    post_logout_redirect_uris: [`${origin}/`],
    authorization_type: ['code', 'refresh_token'],
    scope: [],
  })
  const installations: Installation[] = []
  for (const [name, { key, parameters }] of Object.entries(INSTALLATIONS)) {
    const path = name.replaceAll(' ', '-').toLowerCase()
    const issuer = `${api}/${path}`
    const { privateKey, publicKey } = KEYS[key]()
    const more = {
      iss: issuer,
      'jwt-type': key,
      key: privateKey.export({ format: 'pem', type: 'pkcs8' }),
      cert: publicKey.export({ format: 'pem', type: 'spki' }),
      'session-cookie-name': `session_${path}`,
      ...parameters,
    }
    await post('mod/plugin', {
      module: 'oidc',
      name: path,
      display_name: path,
      enabled: true,
      parameters: { ...PARAMETERS, ...more },
    })
    const features: Feature[] = 'auth-type-refresh-enabled' in parameters ? ['silent'] : ['refresh']
    // Debian's mod_oauth2 knows no EdDSA.
    if (key !== 'eddsa') features.push('jwt')
    if ('oauth-dpop-allowed' in parameters) features.push('par', 'dpop')
    installations.push({
      name,
      options: { issuer, clientId: 'app', scope: ['openid', 'profile', 'accounts.read'] },
      keys: `${issuer}/jwks`,
      features: new Set([...ALWAYS, ...features]),
    })
  }
  return installations
}

const PARAMETERS = {
  'jwt-key-size': '256',
  'access-token-duration': 3600,
  'refresh-token-duration': 86_400,
  'code-duration': 600,
  'refresh-token-rolling': true,
  'refresh-token-one-use': 'always',
  'allow-non-oidc': false,
  'auth-type-code-enabled': true,
  'auth-type-code-revoke-replayed': true,
  'auth-type-token-enabled': false,
  'auth-type-id-token-enabled': true,
  'auth-type-refresh-enabled': true,
  'jwks-show': true,
  'pkce-allowed': true,
  'pkce-required': true,
  'pkce-method-plain-allowed': false,
  'session-management-allowed': true,
  // Without it the page that ends a session has an error and no button.
  'front-channel-logout-allowed': true,
  'session-cookie-expiration': 86_400,
  'name-claim': 'mandatory',
  'email-claim': 'on-demand',
  'scope-claim': 'mandatory',
  'introspection-revocation-allowed': true,
  'introspection-revocation-allow-target-client': true,
}
