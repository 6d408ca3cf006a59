import { api } from './recipes/ky.js'

globalThis.calls = {
  get: () => api.get('orders/7').json(),
  post: () => api.post('orders', { json: { name: 'milk' } }).json(),
  hang: (signal) => api.get('orders/hanging', { signal }).json(),
}
