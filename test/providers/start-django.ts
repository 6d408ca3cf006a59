import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ForeignProvider, Installation } from './foreign-provider.ts'
import { startServer } from './start-server.ts'

const [USER, PASSWORD] = ['monika', 'Monika-demo-1']
const SITE = join(import.meta.dirname, 'django/site_of_django.py')

/** django-oauth-toolkit (Python), from Debian's package. */
export async function startDjango(origin: string, rotates: boolean): Promise<ForeignProvider> {
  const server = await startServer({
    name: 'django',
    path: '/accounts/login/',
    async prepare(folder, port) {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
      await writeFile(join(folder, 'key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }))
      return {
        // Debian's own Python, which alone sees Debian's packages.
        command: ['/usr/bin/python3', '-B', SITE],
        env: {
          PROVIDER_FOLDER: folder,
          PROVIDER_PORT: String(port),
          PROVIDER_APP: origin,
          PROVIDER_ROTATES: rotates ? 'yes' : 'no',
        },
      }
    },
  })
  const issuer = `http://localhost:${server.port}/o`
  const installation: Installation = {
    name: rotates ? 'rotating' : 'keeping',
    options: {
      issuer,
      // With a slash at its end, and a redirect to it that no page may follow.
      metadata: `${issuer}/.well-known/openid-configuration/`,
      clientId: 'app',
      scope: ['openid', 'accounts.read'],
    },
    keys: `${issuer}/.well-known/jwks.json`,
    features: new Set(['refresh', 'deny']),
  }
  return {
    name: 'django-oauth-toolkit',
    installations: [installation],
    ...PAGES,
    output: server.output,
    stop: server.stop,
  }
}

const PAGES: Pick<ForeignProvider, 'signIn' | 'signOut'> = {
  async signIn(page, origin, { decision = 'allow' } = {}) {
    await page.fill('#id_username', USER)
    await page.fill('#id_password', PASSWORD)
    await page.click('button[type=submit]')
    await page.click(decision === 'allow' ? 'input[name=allow]' : 'input[type=submit]:not([name])')
    await page.waitForURL((url) => url.origin === origin)
  },
  async signOut() {
    throw new Error('django-oauth-toolkit 1.7 has no sign-out for apps.')
  },
}
