import { AuthError } from '../errors.js'
import type { Client } from './client.js'
import { CLIENTS } from './create-auth.js'

/**
 * Returns the parts of a client, for a function that takes one.
 *
 * @param call the name of that function
 * @throws {AuthError} `config` if it is not a client of this copy of the package
 */
export function clientOf(auth: object, call: string): Client {
  const client = CLIENTS.get(auth)
  if (client) return client
  throw new AuthError('config', `${call}: not a client of this package.`, {
    hint: 'If it is one, the page has two copies of the package: with Vite, name its imports in optimizeDeps.include.',
  })
}
