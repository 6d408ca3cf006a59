import { client } from './recipes/graphql-request.js'

const ORDER = 'query ($id: String!) { order(id: $id) { id name } }'
const ADD = 'mutation ($name: String!) { addOrder(name: $name) { id name } }'

globalThis.calls = {
  get: async () => {
    client.requestConfig.method = 'GET'
    return (await client.request(ORDER, { id: '7' })).order
  },
  post: async () => {
    client.requestConfig.method = 'POST'
    return (await client.request(ADD, { name: 'milk' })).addOrder
  },
  hang: (signal) => client.request({ document: ORDER, variables: { id: 'hanging' }, signal }),
}
