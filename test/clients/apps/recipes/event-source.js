import { EventSourcePolyfill } from 'event-source-polyfill'
import { auth } from './auth.js'

export async function listen(onOrder) {
  const url = 'https://api.example/v1/events'
  const source = new EventSourcePolyfill(url, { headers: await auth.authorize({ url }) })
  source.onmessage = ({ data }) => onOrder(JSON.parse(data))
  source.onerror = async ({ status }) => {
    if (status !== 401) return
    source.close()
    await auth.getAccessToken({ url, forceRenewal: true })
    await listen(onOrder)
  }
}
