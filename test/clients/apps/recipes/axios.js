import axios from 'axios'
import { auth } from './auth.js'

export const api = axios.create({
  baseURL: 'https://api.example/v1',
  adapter: 'fetch',
  env: { fetch: auth.fetch },
})
