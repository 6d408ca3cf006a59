import { servePages } from '../browsers/serve-pages.ts'
import { testJourneys } from './journeys.ts'
import { startLemonldap } from './start-lemonldap.ts'

const pages = await servePages()
testJourneys(await startLemonldap(pages.origin()), pages)
