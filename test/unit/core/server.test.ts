import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createAuth } from 'tessera-auth'
import { handOverCallback } from 'tessera-auth/callback'
import { popup } from 'tessera-auth/popup'
import { silentFrame } from 'tessera-auth/silent'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

const noPage = (call: string) => ({
  code: 'config',
  message: `${call}: there is no page here, as on a server: call it in the browser.`,
})

/** Runs a module in a Node of its own, as a server that renders an app would. */
function runOnServer(module: string, ...flags: string[]): unknown {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...flags, '--input-type=module', '--eval', module],
    { cwd: ROOT, encoding: 'utf8', timeout: 20_000 },
  )
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return JSON.parse(stdout)
}

const OPTIONS = `{ issuer: 'https://login.example/', clientId: 'client', redirectUri: '/callback' }`

// oauth4webapi, which looks whether it runs in a browser, is the one that reads `navigator`.
test('the package touches no global of a page when it is imported', () => {
  const touched = runOnServer(`
    const touched = []
    for (const name of ['window', 'document', 'location', 'history', 'indexedDB',
      'localStorage', 'sessionStorage', 'BroadcastChannel', 'fetch', 'crypto']) {
      const value = globalThis[name]
      Object.defineProperty(globalThis, name, { configurable: true, get() { touched.push(name); return value } })
    }
    const before = Object.keys(globalThis)
    await import('tessera-auth')
    await import('tessera-auth/cyberark')
    console.log(JSON.stringify([touched, Object.keys(globalThis).filter((name) => !before.includes(name))]))`)
  expect(touched).toEqual([[], []])
})

test('createAuth() works where there is no window: nobody is signed in, and the process can end', () => {
  const seen = runOnServer(`
    import { createAuth } from 'tessera-auth'
    const auth = createAuth(${OPTIONS})
    const seen = []
    auth.subscribe(({ status }) => seen.push(status))
    const calls = []
    for (const call of [() => auth.getAccessToken(), () => auth.fetch('https://api.example/')]) {
      await call().catch(({ code }) => calls.push(code))
    }
    await auth.start()
    await auth.ready
    auth.close()
    console.log(JSON.stringify([seen, calls, auth.state.status]))`)
  expect(seen).toEqual([
    ['starting', 'signed-out'],
    ['not_authenticated', 'origin_not_allowed'],
    'signed-out',
  ])
})

test('a client that is never closed keeps no server from ending', () => {
  const status = runOnServer(`
    import { createAuth } from 'tessera-auth'
    const auth = createAuth(${OPTIONS})
    await auth.start()
    console.log(JSON.stringify(auth.state.status))`)
  expect(status).toBe('signed-out')
})

test('a client that is made for each request, and never started, is not kept', () => {
  const isKept = runOnServer(
    `
    import { createAuth } from 'tessera-auth'
    const make = () => {
      const fetch = async () => Response.json({})
      createAuth({ ...${OPTIONS}, fetch })
      return new WeakRef(fetch)
    }
    const made = make()
    // A reference that was made or read in this turn is not weak yet.
    await new Promise((resolve) => setTimeout(resolve))
    gc()
    console.log(JSON.stringify(made.deref() !== undefined))`,
    '--expose-gc',
  )
  expect(isKept).toBe(false)
})

// A component watches while it is shown, and the client is there as long as the page.
test('a watch that was stopped is not kept by its client', () => {
  const isKept = runOnServer(
    `
    import { createAuth } from 'tessera-auth'
    import { watchIdle } from 'tessera-auth/idle'
    const auth = createAuth(${OPTIONS})
    const watch = () => {
      const onCountdown = () => {}
      watchIdle(auth, { timeout: 60_000, onCountdown }).stop()
      return new WeakRef(onCountdown)
    }
    // Node 20 itself keeps the last one for some time.
    const [made] = [watch(), watch(), watch()]
    await new Promise((resolve) => setTimeout(resolve))
    gc()
    console.log(JSON.stringify([made.deref() !== undefined, auth.state.status]))`,
    '--expose-gc',
  )
  expect(isKept).toEqual([false, 'starting'])
})

test('what only a page can do says so on a server', () => {
  const seen = runOnServer(`
    import { createAuth } from 'tessera-auth'
    const auth = createAuth(${OPTIONS})
    const seen = []
    for (const call of [() => auth.signIn(), () => auth.requireSession()]) {
      await call().catch(({ code, message }) => seen.push([code, message]))
    }
    console.log(JSON.stringify(seen))`)
  const refusal = [
    'config',
    'signIn: there is no page here, as on a server: call it in the browser.',
  ]
  expect(seen).toEqual([refusal, refusal])
})

test('signIn() with a way of its own needs no window', () => {
  const seen = runOnServer(`
    import { createAuth } from 'tessera-auth'
    const auth = createAuth({
      metadata: {
        issuer: 'https://login.example/',
        authorization_endpoint: 'https://login.example/authorize',
        token_endpoint: 'https://login.example/token',
      },
      clientId: 'client',
      redirectUri: 'https://app.example/callback',
    })
    const url = await new Promise((resolve, reject) => {
      auth.signIn({ via: async (prepared) => resolve((await prepared).url) }).catch(() => {})
    })
    const { origin, searchParams } = new URL(url)
    console.log(JSON.stringify([origin, searchParams.get('redirect_uri')]))`)
  expect(seen).toEqual(['https://login.example', 'https://app.example/callback'])
})

test('subscribe() calls at once, and not any more once it was ended', async () => {
  const auth = createAuth({
    issuer: 'https://login.example/',
    clientId: 'client',
    redirectUri: '/callback',
    persistence: 'memory',
  })
  const seen: string[] = []
  const ended: string[] = []
  auth.subscribe(({ status }) => seen.push(status))
  const end = auth.subscribe(({ status }) => ended.push(status))
  end()
  await auth.start()
  expect(seen).toEqual(['starting', 'signed-out'])
  expect(ended).toEqual(['starting'])
  auth.close()
  await expect(auth.signIn()).rejects.toMatchObject({
    code: 'closed',
    message: 'This client was closed.',
  })
})

test('handOverCallback() on a server rejects, and does not throw where nobody catches it', async () => {
  const auth = createAuth({
    issuer: 'https://login.example/',
    clientId: 'client',
    redirectUri: 'https://app.example/callback',
  })
  await expect(handOverCallback(auth)).rejects.toMatchObject(noPage('handOverCallback'))
})

test('popup() on a server says where it belongs', () => {
  expect(() => popup()).toThrow(expect.objectContaining(noPage('popup')))
})

test('silentFrame() fails in words where there is no page for its frame, as in a worker', async () => {
  const prepared = { url: 'https://login.example/auth', state: 'state' }
  await expect(silentFrame().silent?.(Promise.resolve(prepared))).rejects.toMatchObject({
    code: 'network',
    message: 'No page is shown here that could open a frame.',
    retryable: true,
  })
})
