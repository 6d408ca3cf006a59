import { gql } from '@apollo/client'
import { client } from './recipes/apollo-client.js'

const ORDER = gql('query ($id: String!) { order(id: $id) { id name } }')
const ADD = gql('mutation ($name: String!) { addOrder(name: $name) { id name } }')
const plain = ({ id, name }) => ({ id, name })
const query = (id, fetchOptions) =>
  client.query({
    query: ORDER,
    variables: { id },
    fetchPolicy: 'network-only',
    context: { fetchOptions },
  })

globalThis.calls = {
  get: async () => plain((await query('7', { method: 'GET' })).data.order),
  post: async () => {
    const { data } = await client.mutate({ mutation: ADD, variables: { name: 'milk' } })
    return plain(data.addOrder)
  },
  hang: (signal) => query('hanging', { signal }),
}
