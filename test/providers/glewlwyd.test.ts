import { servePages } from '../browsers/serve-pages.ts'
import { testJourneys } from './journeys.ts'
import { startGlewlwyd } from './start-glewlwyd.ts'

const pages = await servePages()
testJourneys(await startGlewlwyd(pages.origin()), pages)
