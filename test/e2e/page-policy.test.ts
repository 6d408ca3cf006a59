import { expect, test } from 'vitest'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { useFixture } from './fixture.ts'

const fixture = useFixture({
  handle(request, response) {
    if (request.url !== '/app.js') return false
    response.setHeader('content-type', 'text/javascript; charset=utf-8')
    response.end(script())
    return true
  },
})

const HTML = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Strict page</title><link rel="icon" href="data:,">
<body><button id="sign-in">Sign in</button><output></output>
<script src="/dist/tessera-auth.min.js"></script><script src="/app.js"></script>
`

function script(): string {
  const api = `${fixture.bank.url}/api/`
  return `const auth = tessera.createAuth(${JSON.stringify(fixture.options)})
const say = (text) => { document.querySelector('output').textContent = text }
document.querySelector('button').onclick = () => auth.signIn({ returnTo: '/' })
auth.start().then(async () => {
  if (auth.state.status !== 'signed-in') return say(auth.state.status)
  const response = await auth.fetch('${api}accounts')
  say(auth.state.user.unique_name + ' ' + response.status)
})`
}

test('a page with the strictest policy signs in and calls an API without a violation', async () => {
  fixture.pages.setPage('/', HTML)
  fixture.pages.setPolicy(
    [
      "default-src 'none'",
      "script-src 'self'",
      `connect-src ${fixture.tenant.url} ${fixture.bank.url}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
  )
  const profile = await fixture.newProfile()
  const tab = await profile.newPage()
  const says = (text: string) => tab.locator('output', { hasText: text }).waitFor()
  await tab.goto(`${fixture.origin}/`)
  await says('signed-out')
  await tab.click('#sign-in')
  await signInAtTenant(tab, fixture.origin)
  await says('monika.a 200')
  await tab.reload()
  await says('monika.a 200')
  const own = profile.observed.violations.filter((text) => !text.includes('/favicon.ico'))
  expect(own).toEqual([])
  expect(profile.observed.console).toEqual([])
})
