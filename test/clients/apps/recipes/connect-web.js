import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-web'
import { auth } from './auth.js'
import { Orders } from './gen/orders_pb.js'

const transport = createConnectTransport({
  baseUrl: 'https://api.example/v1/connect',
  useHttpGet: true,
  fetch: auth.fetch,
})

export const client = createClient(Orders, transport)
