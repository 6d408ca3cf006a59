import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startServer } from './start-server.ts'

/** An API behind Apache and mod_oauth2, which nobody here wrote either. */
export interface ResourceServer {
  readonly url: string
  output(): string
  stop(): Promise<void>
}

const MODULES = '/usr/lib/apache2/modules'
const NEEDED = [
  ...['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', 'rewrite', 'mime'],
  'oauth2',
]

/**
 * Starts an API that accepts access tokens by a provider's key set: as bearer tokens, or bound to a
 * key (RFC 9449), with each proof once.
 */
export async function startResourceServer(
  keys: string,
  scheme: 'Bearer' | 'DPoP',
): Promise<ResourceServer> {
  const server = await startServer({
    name: 'apache',
    path: '/',
    async prepare(folder, port) {
      await mkdir(join(folder, 'api'), { recursive: true })
      await writeFile(join(folder, 'api/accounts.json'), '{"accounts":["current"]}')
      await writeFile(join(folder, 'httpd.conf'), configuration(folder, port, keys, scheme))
      return { command: ['apache2', '-f', join(folder, 'httpd.conf'), '-DFOREGROUND'] }
    },
  })
  return { url: `http://localhost:${server.port}/api/`, output: server.output, stop: server.stop }
}

function configuration(folder: string, port: number, keys: string, scheme: string): string {
  const verify = scheme === 'DPoP' ? 'type=dpop&verify.exp=required' : 'verify.exp=required'
  return `ServerRoot ${folder}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
Mutex file:${folder}
ErrorLog ${folder}/error.log
TypesConfig /etc/mime.types
${NEEDED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
DocumentRoot ${folder}
<Directory ${folder}>
  Require all denied
</Directory>
Header always set Access-Control-Allow-Origin *
Header always set Access-Control-Allow-Headers "authorization, dpop"
Header always set Access-Control-Expose-Headers "www-authenticate, dpop-nonce"
RewriteEngine on
RewriteCond %{REQUEST_METHOD} =OPTIONS
RewriteRule ^ - [R=204,L]
<Location /api/>
  AuthType oauth2
  OAuth2TokenVerify jwks_uri ${keys} ${verify}
  OAuth2AcceptTokenIn header type=${scheme}
  Require valid-user
</Location>
`
}
