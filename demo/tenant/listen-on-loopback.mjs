import { createServer } from 'node:http'

/**
 * @typedef {object} LoopbackServer
 * @property {number} port
 * @property {() => Promise<void>} close ends open connections as well
 */

/**
 * Serves on 127.0.0.1 and, where the machine has IPv6, on ::1 at the same port, because `localhost`
 * may mean either. Nothing is reachable from outside the machine.
 *
 * @param {import('node:http').RequestListener} listener
 * @param {number} [port] 0, the default, for any free one
 * @returns {Promise<LoopbackServer>}
 */
export async function listenOnLoopback(listener, port = 0) {
  const first = await listen(listener, port, '127.0.0.1')
  const chosen = /** @type {import('node:net').AddressInfo} */ (first.address()).port
  try {
    const second = await listen(listener, chosen, '::1')
    return { port: chosen, close: () => closeAll([first, second]) }
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE')
      return { port: chosen, close: () => closeAll([first]) }
    await closeAll([first])
    if (port !== 0) throw error
    return listenOnLoopback(listener, port)
  }
}

/**
 * @param {import('node:http').RequestListener} listener
 * @param {number} port
 * @param {string} host
 * @returns {Promise<import('node:http').Server>}
 */
function listen(listener, port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer(listener)
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}

/** @param {import('node:http').Server[]} servers */
async function closeAll(servers) {
  const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)))
  for (const server of servers) server.closeAllConnections()
  await Promise.all(closed)
}
