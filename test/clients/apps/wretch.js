import { api } from './recipes/wretch.js'

globalThis.calls = {
  get: () => api.url('/orders/7').get().json(),
  post: () => api.url('/orders').post({ name: 'milk' }).json(),
  hang: (signal) => api.url('/orders/hanging').options({ signal }).get().json(),
}
