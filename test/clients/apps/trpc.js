import { client } from './recipes/trpc.js'

globalThis.calls = {
  get: () => client.order.query('7'),
  post: () => client.addOrder.mutate({ name: 'milk' }),
  hang: (signal) => client.order.query('hanging', { signal }),
}
