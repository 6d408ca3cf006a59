import { Client, fetchExchange } from '@urql/core'
import { auth } from './auth.js'

export const client = new Client({
  url: 'https://api.example/v1/graphql',
  exchanges: [fetchExchange],
  fetch: auth.fetch,
})
