import wretch from 'wretch'
import { auth } from './auth.js'

export const api = wretch('https://api.example/v1').fetchPolyfill(auth.fetch)
