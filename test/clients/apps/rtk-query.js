import { configureStore } from '@reduxjs/toolkit'
import { ordersApi } from './recipes/rtk-query.js'

const { order, addOrder } = ordersApi.endpoints
const { dispatch } = configureStore({
  reducer: { [ordersApi.reducerPath]: ordersApi.reducer },
  middleware: (standard) => standard().concat(ordersApi.middleware),
})

globalThis.calls = {
  get: () => dispatch(order.initiate('7', { forceRefetch: true })).unwrap(),
  post: () => dispatch(addOrder.initiate({ name: 'milk' })).unwrap(),
  hang: (signal) => {
    const task = dispatch(order.initiate('hanging'))
    signal.addEventListener('abort', () => task.abort())
    return task.unwrap()
  },
}
