import { api } from './recipes/axios.js'

globalThis.calls = {
  get: async () => (await api.get('/orders/7')).data,
  post: async () => (await api.post('/orders', { name: 'milk' })).data,
  hang: (signal) => api.get('/orders/hanging', { signal }),
}
