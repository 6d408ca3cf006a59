import { SIGN_IN_AGAIN } from './actions/change-ways.js'
import { leaveSession } from './actions/leave-session.js'
import { loadConfig } from './config.js'
import type { Notice } from './notice.js'
import { createPage } from './page.js'
import { showUnready, startApp } from './start-app.js'
import { readArrival } from './timeline/read-arrival.js'
import { nameWays, readWays, takeFromAddress, WORDS } from './ways/keep-ways.js'

const CHOSEN: Notice = {
  ...SIGN_IN_AGAIN,
  text: `The address has chosen other ways to sign in. ${SIGN_IN_AGAIN.text}`,
}

const { before, unknown } = takeFromAddress()

async function main(): Promise<void> {
  const config = await loadConfig()
  const page = createPage(config)
  const former = readWays(config, before)
  const names = nameWays(page.ways.get()).join(', ')
  if (names !== nameWays(former).join(', ')) {
    const title = 'The address chose the ways to sign in'
    const detail = names || 'By redirect, with nothing added'
    page.timeline.add({ kind: 'keep', tone: 'plain', title, detail })
  }
  const hasLeft = await leaveSession(page, former)
  await startApp(page, readArrival(location))
  if (page.notice.get()) return
  const chosen = hasLeft && page.auth.state.status !== 'signed-in' ? CHOSEN : null
  const typo = unknown.length > 0 ? describeUnknown() : null
  const both = chosen && typo && `${chosen.text} ${typo.title}. ${typo.text}`
  page.notice.set(both ? { ...chosen, text: both } : (chosen ?? typo))
}

function describeUnknown(): Notice {
  return {
    tone: 'warn',
    title: `There is no way to sign in called ${unknown.map((word) => `“${word}”`).join(' or ')}`,
    text: `The address may name these after “with”, separated by commas: ${WORDS.join(', ')}.`,
    remedy: 'none',
  }
}

main().catch(showUnready)
