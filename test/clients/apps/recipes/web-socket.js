import { auth } from './auth.js'

export async function connect() {
  const token = await auth.getAccessToken({ url: 'https://api.example/v1/socket' })
  return new WebSocket('wss://api.example/v1/socket', ['orders', `bearer.${token}`])
}
