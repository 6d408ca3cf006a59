import { createAuth } from 'tessera-auth'

export const auth = createAuth({
  issuer: 'https://login.example/',
  clientId: 'orders-app',
  redirectUri: '/callback',
  resources: [{ url: 'https://api.example/v1/', scope: ['orders'] }],
})
