import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A network that goes away and comes back, between a browser and a server on this machine. */
export interface Tunnel {
  /** Where the server is, seen from the browser. */
  readonly origin: string
  /** The train is in the tunnel: whatever is sent is swallowed, and nothing says so. */
  readonly enter: () => void
  /** It is out again: what was sent on a connection that was open before arrives now. */
  readonly leave: () => void
  readonly close: () => Promise<void>
}

/**
 * Starts a tunnel to a server. As a device does it, what was sent on a connection that is open is sent
 * until it arrives, even if the page has given it up meanwhile and the connection is closed; a
 * connection that is opened in the tunnel comes about when the network is back, if somebody still wants
 * it.
 */
export async function startTunnel(target: string): Promise<Tunnel> {
  const { hostname: host, port } = new URL(target)
  let isInside = false
  const sockets = new Set<Socket>()
  const waiting: (() => void)[] = []
  const whenOutside = (task: () => void) => {
    if (isInside) waiting.push(task)
    else task()
  }
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer({ allowHalfOpen: true }, (near) => {
    keep(near)
    whenOutside(() => {
      if (near.readableEnded || near.destroyed) return void near.destroy()
      const far = connect({ host, port: Number(port), allowHalfOpen: true })
      keep(far)
      near.on('data', (bytes) => whenOutside(() => far.write(bytes)))
      near.on('end', () => whenOutside(() => far.end()))
      far.on('data', (bytes) => whenOutside(() => near.writable && near.write(bytes)))
      far.on('end', () => whenOutside(() => near.end()))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    enter() {
      isInside = true
    },
    leave() {
      isInside = false
      for (const task of waiting.splice(0)) task()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
