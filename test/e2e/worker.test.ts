import { expect, test } from 'vitest'
import { submitSignIn } from '../browsers/submit-sign-in.ts'
import { requestsTo, useFixture } from './fixture.ts'

const fixture = useFixture({
  handle(request, response) {
    if (request.url !== '/worker.js') return false
    response.setHeader('content-type', 'text/javascript; charset=utf-8')
    response.end(script())
    return true
  },
})

declare global {
  /** Has the worker do something. A sign-in there asks for a way to the provider and back. */
  var work: (task: 'signIn' | 'fetch' | 'signOut') => Promise<unknown>
  var worker: Worker
  var wayOut: string | undefined
}

/** A client in a worker, whose own `via` leaves the way to the provider and back to somebody else. */
function script(): string {
  return `importScripts('/dist/tessera-auth.min.js')
const auth = tessera.createAuth(${JSON.stringify({ ...fixture.options, persistence: 'device' })})
let answer
const tasks = {
  signIn: () => auth.signIn({
    via: async (prepared) => {
      const { url } = await prepared
      postMessage({ url })
      return new Promise((resolve) => { answer = (query) => resolve(new URLSearchParams(query)) })
    },
  }).then(() => auth.state.user.unique_name),
  fetch: () => auth.fetch('${fixture.bank.url}/api/accounts').then(({ status }) => status),
  signOut: () => auth.signOut(),
}
onmessage = ({ data }) => {
  if (data.query) return answer(data.query)
  tasks[data]().catch(({ code, message }) => ({ code, message })).then((result) => postMessage({ result }))
}`
}

test('a worker signs in and out where its app takes the user to the provider, and pages hear of it', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await tab.evaluate(() => {
    auth.close()
    globalThis.auth = createClient({ persistence: 'device' })
    globalThis.worker = new Worker('/worker.js')
    globalThis.work = (task) =>
      new Promise((resolve) => {
        worker.onmessage = ({ data }) => {
          if (data.url) globalThis.wayOut = data.url
          else resolve(data.result)
        }
        worker.postMessage(task)
      })
    return auth.start()
  })
  const signedIn = tab.evaluate(() => work('signIn'))
  await tab.waitForFunction(() => globalThis.wayOut !== undefined)
  // As in an extension, whose browser opens a window for it, and reads where that arrives.
  fixture.pages.setPage('/callback', '<!doctype html><title>Arrived</title>')
  const user = await profile.newPage()
  await user.goto(String(await tab.evaluate('wayOut')))
  await submitSignIn(user, fixture.origin)
  await tab.evaluate((query) => worker.postMessage({ query }), new URL(user.url()).search)
  expect(await signedIn).toBe('monika.a')
  expect(await tab.evaluate(() => work('fetch'))).toBe(200)
  await tab.waitForFunction(() => auth.state.status === 'signed-in')
  // There is no page that could leave for the provider.
  expect(await tab.evaluate(() => work('signOut'))).toEqual({ redirected: false })
  await tab.waitForFunction(() => auth.state.status === 'signed-out')
  expect(requestsTo(fixture.tenant, 'EndSessionV2')).toEqual([])
})
