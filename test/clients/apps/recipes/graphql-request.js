import { GraphQLClient } from 'graphql-request'
import { auth } from './auth.js'

export const client = new GraphQLClient('https://api.example/v1/graphql', { fetch: auth.fetch })
