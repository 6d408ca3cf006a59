import { client } from './recipes/connect-web.js'

const plain = ({ id, name }) => ({ id, name })

globalThis.calls = {
  get: async () => plain(await client.get({ id: '7' })),
  post: async () => plain(await client.add({ name: 'milk' })),
  hang: (signal) => client.get({ id: 'hanging' }, { signal }),
}
