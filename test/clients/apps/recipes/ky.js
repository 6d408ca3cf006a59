import ky from 'ky'
import { auth } from './auth.js'

export const api = ky.create({ prefixUrl: 'https://api.example/v1', fetch: auth.fetch })
