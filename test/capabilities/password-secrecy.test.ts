import { expect, test } from 'vitest'
import { statusOf, useProviderApp } from './use-provider-app.ts'

const fixture = useProviderApp()
const PASSWORD = 'Correct-horse-battery-9'
const SECRET = 'Not-a-secret-in-a-browser-9'

test('a password and a client secret are nowhere once the request is over, even where the provider repeats them', async () => {
  const app = await fixture.open({
    imports: `import { signInWithPassword } from 'tessera-auth/password'
window.signInWithPassword = signInWithPassword`,
    provider: {
      intercept(request, response) {
        if (request.method !== 'POST' || request.url !== '/token') return false
        response.setHeader('access-control-allow-origin', '*')
        const description = `${PASSWORD} is not the password, ${SECRET} not the secret`
        const body = { error: `no ${PASSWORD}`, error_description: description }
        response.writeHead(400).end(JSON.stringify(body))
        return true
      },
    },
  })
  // A preflight comes first where there is a secret, and that provider lets no header in.
  const request = { username: 'monika', password: PASSWORD }
  const said = await app.tab.evaluate(`signInWithPassword(auth, ${JSON.stringify(request)})
    .catch((error) => [error.code, error.providerError, error.providerErrorDescription, JSON.stringify(error), error.stack])`)
  expect(said).toEqual([
    'token_request_refused',
    'no ...',
    `... is not the password, ${SECRET} not the secret`,
    expect.not.stringContaining(PASSWORD),
    expect.not.stringContaining(PASSWORD),
  ])
  expect(await statusOf(app.tab)).toBe('signed-out')
  const kept = await app.tab.evaluate(`(async () => JSON.stringify([
    auth.state, document.cookie, { ...localStorage }, { ...sessionStorage }, history.state, location.href,
    await Promise.all((await indexedDB.databases()).map(async ({ name }) => {
      const database = await new Promise((resolve) => { indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result) })
      const all = database.transaction('records').objectStore('records').getAll()
      await new Promise((resolve) => { all.onsuccess = resolve })
      database.close()
      return all.result.map(({ data }) => data && new TextDecoder('latin1').decode(data))
    })),
  ]))()`)
  expect(kept).toContain('signed-out')
  expect(kept).not.toContain(PASSWORD)
  expect(app.profile.observed.mentions(PASSWORD)).toEqual([])
})
