import ky from 'ky'
import { auth } from './auth.js'

export const api = ky.create({ prefix: 'https://api.example/v1', fetch: auth.fetch })
