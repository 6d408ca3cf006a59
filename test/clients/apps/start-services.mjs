import { connectNodeAdapter } from '@connectrpc/connect-node'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { buildSchema, graphql } from 'graphql'
import { WebSocketServer } from 'ws'
import { Orders } from './recipes/gen/orders_pb.js'

const HANGING = 'hanging'
const forever = () => new Promise(() => {})

/** The order of an id; that of one id never comes. */
const find = (id) => (id === HANGING ? forever() : { id, name: 'tea' })
const add = (order) => (order.name === HANGING ? forever() : { ...order, id: '8' })

const t = initTRPC.create()
const text = (value) => value
export const createTrpc = (basePath) =>
  createHTTPHandler({
    basePath,
    router: t.router({
      order: t.procedure.input(text).query(({ input }) => find(input)),
      addOrder: t.procedure.input(text).mutation(({ input }) => add(input)),
    }),
  })

export const createConnect = (requestPathPrefix) =>
  connectNodeAdapter({
    requestPathPrefix,
    routes: (router) => router.service(Orders, { get: ({ id }) => find(id), add }),
  })

const schema = buildSchema(`
  type Order { id: String! name: String! }
  type Query { order(id: String!): Order }
  type Mutation { addOrder(name: String!): Order }
`)

export const answerGraphql = ({ query, variables }) =>
  graphql({
    schema,
    source: query,
    variableValues: variables,
    rootValue: { order: ({ id }) => find(id), addOrder: add },
  })

/** Accepts a socket of the protocol `orders` for a token that is known, and says hello. */
export function acceptSockets(server, isKnown) {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'orders' })
  server.on('upgrade', (request, socket, head) => {
    const offered = String(request.headers['sec-websocket-protocol']).split(', ')
    const token = offered.find((name) => name.startsWith('bearer.'))?.slice('bearer.'.length)
    if (!isKnown(token)) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (open) => open.send(`hello ${token}`))
  })
  return () => sockets.close()
}

export { add, find, HANGING }
