import createClient from 'openapi-fetch'
import { auth } from './auth.js'

export const api = createClient({ baseUrl: 'https://api.example/v1', fetch: auth.fetch })
