import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { auth } from './auth.js'

export const client = createTRPCClient({
  links: [httpBatchLink({ url: 'https://api.example/v1/trpc', fetch: auth.fetch })],
})
