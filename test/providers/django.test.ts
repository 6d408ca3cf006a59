import { servePages } from '../browsers/serve-pages.ts'
import { testJourneys } from './journeys.ts'
import { startDjango } from './start-django.ts'

for (const rotates of [true, false]) {
  const pages = await servePages()
  testJourneys(await startDjango(pages.origin(), rotates), pages)
}
