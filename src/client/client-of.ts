import { AuthError } from '../errors.js'
import type { Client } from './client.js'
import { CLIENTS } from './create-auth.js'

/**
 * The parts of the client that somebody was given.
 *
 * @param call who was given it
 * @throws {AuthError} `config` where it is none
 */
export function clientOf(auth: object, call: string): Client {
  const client = CLIENTS.get(auth)
  if (client) return client
  throw new AuthError('config', `${call}: not a client of this package.`, {
    hint: 'If it is one, the page has two copies of the package: with Vite, name its imports in optimizeDeps.include.',
  })
}
