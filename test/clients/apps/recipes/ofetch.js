import { createFetch } from 'ofetch'
import { auth } from './auth.js'

export const api = createFetch({
  fetch: auth.fetch,
  defaults: { baseURL: 'https://api.example/v1' },
})
