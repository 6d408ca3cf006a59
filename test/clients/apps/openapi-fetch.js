import { api } from './recipes/openapi-fetch.js'

globalThis.calls = {
  get: async () => (await api.GET('/orders/{id}', { params: { path: { id: '7' } } })).data,
  post: async () => (await api.POST('/orders', { body: { name: 'milk' } })).data,
  hang: (signal) => api.GET('/orders/hanging', { signal }),
}
