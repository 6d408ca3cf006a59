import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Feature, ForeignProvider, Installation } from './foreign-provider.ts'
import { startServer } from './start-server.ts'

/** A user of LemonLDAP::NG's own demonstration backend. */
const [USER, PASSWORD] = ['dwho', 'dwho']
const HOME = '/var/lib/lemonldap-ng'

interface Client {
  readonly features: readonly Feature[]
  readonly scope?: readonly string[]
  readonly options?: Record<string, string | number>
}

/** Clients of its one issuer, which has no path. */
const CLIENTS: Readonly<Record<string, Client>> = {
  online: {
    features: ['refresh', 'end-session', 'deny', 'jwt'],
    options: { RefreshToken: 1, AccessTokenJWT: 1, AccessTokenSignAlg: 'RS256' },
  },
  offline: {
    features: ['refresh', 'end-session'],
    scope: ['offline_access'],
    options: { AllowOffline: 1, BypassConsent: 1, AdditionalAudiences: 'another-app' },
  },
  'signs by RS512': {
    features: ['silent', 'end-session', 'deny'],
    options: { IDTokenSignAlg: 'RS512', IDTokenForceClaims: 1, LogoutBypassConfirm: 1 },
  },
}

/** LemonLDAP::NG (Perl), from Debian's package. */
export async function startLemonldap(origin: string): Promise<ForeignProvider> {
  let issuer = ''
  const server = await startServer({
    name: 'lemonldap',
    path: '/.well-known/openid-configuration',
    async prepare(folder, port) {
      issuer = `http://localhost:${port}/`
      const folders = ['conf', 'sessions/lock', 'psessions/lock', 'cache', 'notifications']
      for (const each of folders) await mkdir(join(folder, each), { recursive: true })
      await writeFile(
        join(folder, 'conf/lmConf-1.json'),
        JSON.stringify(await configuration(folder, issuer, origin)),
      )
      await writeFile(join(folder, 'lemonldap-ng.ini'), settings(folder))
      await writeFile(join(folder, 'portal.psgi'), PORTAL)
      const address = ['--host', '127.0.0.1', '--port', String(port)] as const
      return {
        command: ['plackup', '-s', 'HTTP::Server::PSGI', ...address, 'portal.psgi'],
        env: { LLNG_DEFAULTCONFFILE: join(folder, 'lemonldap-ng.ini') },
      }
    },
  })
  const installations = Object.entries(CLIENTS).map(([name, client]): Installation => {
    const scope = ['openid', 'profile', 'email', ...(client.scope ?? [])]
    return {
      name,
      options: { issuer, clientId: name.replaceAll(' ', '-'), scope },
      keys: `${issuer}oauth2/jwks`,
      features: new Set(client.features),
    }
  })
  return {
    name: 'LemonLDAP::NG',
    installations,
    ...PAGES,
    output: server.output,
    stop: server.stop,
  }
}

const PAGES: Pick<ForeignProvider, 'signIn' | 'signOut'> = {
  async signIn(page, origin, { decision = 'allow' } = {}) {
    await page.fill('input[name=user]', USER)
    await page.fill('input[name=password]', PASSWORD)
    await page.click('button[type=submit]')
    await answer(page, origin, decision === 'allow' ? 'button.positive' : 'button#refuse')
  },
  async signOut(page, origin) {
    await answer(page, origin, 'button.positive')
  },
}

/** Answers the question that the portal asks, if it does, and is back at the app then. */
async function answer(page: Page, origin: string, button: string): Promise<void> {
  // Its portal may send the page on twice, by a script and by the form, and ends the first load then.
  const arrive = () => page.waitForURL((url) => url.origin === origin, { waitUntil: 'commit' })
  const back = arrive().catch(arrive)
  // It asks by a click on a button that is not there where it does not ask.
  const click = page.click(button).catch(() => back)
  await Promise.race([back, click])
  await back
}

/** Debian's own configuration, made for this folder and this app. */
async function configuration(folder: string, issuer: string, origin: string): Promise<object> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  )
  const packaged = await readFile(`${HOME}/conf/lmConf-1.json`, 'utf8')
  const clients = Object.entries(CLIENTS).map(([name, { options }]) => {
    const all = {
      ClientID: name.replaceAll(' ', '-'),
      DisplayName: 'Tax eFile',
      Public: 1,
      RequirePKCE: 1,
      IDTokenSignAlg: 'RS256',
      RedirectUris: `${origin}/callback`,
      PostLogoutRedirectUris: `${origin}/`,
      ...options,
    }
    const named = Object.entries(all).map(([option, value]) => [
      `oidcRPMetaDataOptions${option}`,
      value,
    ])
    return [name, Object.fromEntries(named)]
  })
  return {
    ...JSON.parse(packaged.replaceAll(HOME, folder)),
    domain: 'localhost',
    portal: issuer,
    issuerDBOpenIDConnectActivation: 1,
    oidcServicePrivateKeySig: await readFile(key, 'utf8'),
    // A certificate and no key, so that the key set has `x5c`.
    oidcServicePublicKeySig: await readFile(certificate, 'utf8'),
    oidcServiceKeyIdSig: 'key-1',
    oidcRPMetaDataOptions: Object.fromEntries(clients),
    oidcRPMetaDataExportedVars: Object.fromEntries(
      Object.keys(CLIENTS).map((name) => [name, { name: 'cn', email: 'mail' }]),
    ),
    locationRules: { localhost: { default: 'accept' } },
  }
}

function settings(folder: string): string {
  const cache = `'namespace'=>'configuration','cache_root'=>'${folder}/cache'`
  return `[all]
logLevel = warn
logger = Lemonldap::NG::Common::Logger::Std
userLogger = Lemonldap::NG::Common::Logger::Std
checkTime = 600
[configuration]
type = File
dirName = ${folder}/conf
localStorage = Cache::FileCache
localStorageOptions = {${cache},'default_expires_in'=>600}
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
`
}

/** What its virtual host for Apache says, as a program of Plack. */
const PORTAL = `use Plack::Builder;
use Lemonldap::NG::Portal::Main;
my $portal = Lemonldap::NG::Portal::Main->run({});
builder {
  enable 'Static', path => sub { s!^/static/!! },
    root => '/usr/share/lemonldap-ng/portal/htdocs/static/';
  enable 'Static', path => sub { s!^/javascript/!! }, root => '/usr/share/javascript/';
  $portal;
};
`
