import { loadConfig } from './config.js'
import { createPage } from './page.js'
import { showUnready, startApp } from './start-app.js'
import { readArrival } from './timeline/read-arrival.js'
import { takeFromAddress, WORDS } from './ways/keep-ways.js'

const unknown = takeFromAddress()

async function main(): Promise<void> {
  const page = createPage(await loadConfig())
  await startApp(page, readArrival(location))
  if (unknown.length === 0 || page.notice.get()) return
  page.notice.set({
    tone: 'warn',
    title: `There is no way to sign in called ${unknown.map((word) => `“${word}”`).join(' or ')}`,
    text: `The address may name these after “with”, separated by commas: ${WORDS.join(', ')}.`,
    remedy: 'none',
  })
}
main().catch(showUnready)
