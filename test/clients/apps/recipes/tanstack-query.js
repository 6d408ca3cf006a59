import { auth } from './auth.js'

const ORDERS = 'https://api.example/v1/orders'

async function json(response) {
  if (!response.ok) throw new Error(`The API answered ${response.status}.`)
  return response.json()
}

export const orderQuery = (id) => ({
  queryKey: ['orders', id],
  queryFn: async ({ signal }) => json(await auth.fetch(`${ORDERS}/${id}`, { signal })),
  // auth.fetch has tried again already, where that helps.
  retry: false,
})

export const addOrder = {
  mutationFn: async (order) =>
    json(await auth.fetch(ORDERS, { method: 'POST', body: JSON.stringify(order) })),
}
