import { MutationObserver, QueryClient } from '@tanstack/query-core'
import { addOrder, orderQuery } from './recipes/tanstack-query.js'

const client = new QueryClient()

globalThis.calls = {
  get: () => client.fetchQuery(orderQuery('7')),
  post: () => new MutationObserver(client, addOrder).mutate({ name: 'milk' }),
  hang: (signal) => {
    signal.addEventListener('abort', () => client.cancelQueries())
    return client.fetchQuery(orderQuery('hanging'))
  },
}
