import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client'
import { auth } from './auth.js'

export const client = new ApolloClient({
  link: new HttpLink({ uri: 'https://api.example/v1/graphql', fetch: auth.fetch }),
  cache: new InMemoryCache(),
})
