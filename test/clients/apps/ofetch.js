import { api } from './recipes/ofetch.js'

globalThis.calls = {
  get: () => api('/orders/7'),
  post: () => api('/orders', { method: 'POST', body: { name: 'milk' } }),
  hang: (signal) => api('/orders/hanging', { signal }),
}
