import { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query'
import { auth } from './auth.js'

export const ordersApi = createApi({
  baseQuery: fetchBaseQuery({ baseUrl: 'https://api.example/v1', fetchFn: auth.fetch }),
  endpoints: (build) => ({
    order: build.query({ query: (id) => `orders/${id}` }),
    addOrder: build.mutation({
      query: (order) => ({ url: 'orders', method: 'POST', body: order }),
    }),
  }),
})
