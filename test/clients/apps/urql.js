import { client } from './recipes/urql.js'

const ORDER = 'query ($id: String!) { order(id: $id) { id name } }'
const ADD = 'mutation ($name: String!) { addOrder(name: $name) { id name } }'
const data = async (result) => {
  const { data, error } = await result.toPromise()
  if (error) throw error
  return data
}

globalThis.calls = {
  get: async () => (await data(client.query(ORDER, { id: '7' }, { preferGetMethod: true }))).order,
  post: async () => (await data(client.mutation(ADD, { name: 'milk' }))).addOrder,
  // What nobody listens to any more is aborted.
  hang: (signal) =>
    new Promise((_, reject) => {
      const { unsubscribe } = client.query(ORDER, { id: 'hanging' }).subscribe(() => {})
      signal.addEventListener('abort', () => {
        unsubscribe()
        reject(signal.reason)
      })
    }),
}
