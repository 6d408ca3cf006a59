import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bank, startBank } from '../../demo/bank/start-bank.mjs'
import { startTenant, type Tenant } from '../../demo/tenant/start-tenant.mjs'
import { ENGINES } from '../browsers/engines.ts'
import { launchBrowser, type TestBrowser } from '../browsers/launch-browser.ts'
import { type Pages, servePages } from '../browsers/serve-pages.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { installProject, type Project } from './install-project.ts'
import { ROOT } from './pack.ts'

/** The page that `npm create vite` makes. */
const HTML = (script: string) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Quick start</title><link rel="icon" href="data:,"></head>
<body><div id="app"></div><script type="module" src="/src/${script}"></script></body>
</html>
`

let project: Project
let pages: Pages
let tenant: Tenant
let bank: Bank
let browser: TestBrowser

beforeAll(async () => {
  project = await installProject(['vite'])
  pages = await servePages({ folders: { '/': join(project.folder, 'dist') } })
  tenant = await startTenant({ postLogoutRedirectUris: [`${pages.origin()}/`] })
  const { issuer, clientId, metadata } = tenant.apps.taxefile
  bank = await startBank({
    issuer,
    audience: clientId,
    jwksUri: metadata.jwks_uri,
    allowedOrigins: [pages.origin()],
  })
  browser = await launchBrowser(ENGINES.chromium)
})

afterAll(async () => {
  await browser?.close()
  await bank?.stop()
  await tenant?.stop()
  await pages?.close()
  await project?.remove()
})

/** The block of code that README.md marks, word for word, and its language. */
async function readQuickStart(): Promise<{ language: string; code: string }> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/<!-- quick-start -->\s*```(js|ts)\n([\s\S]*?)```/g)]
  expect(blocks, 'README.md marks one block with <!-- quick-start -->').toHaveLength(1)
  const [, language = '', code = ''] = blocks[0] ?? []
  return { language, code }
}

/** Puts a value where the README says that the reader's own belongs. */
function fillIn(code: string, option: string, value: string): string {
  const place = new RegExp(`(\\b${option}: )'[^']*'`, 'g')
  expect(code.match(place), `the quick start names one ${option}`).toHaveLength(1)
  return code.replace(place, `$1'${value}'`)
}

test('the quick start of the README signs in, from the tarball, in a Vite app', async () => {
  const { language, code } = await readQuickStart()
  const { id, clientId } = tenant.apps.taxefile
  const path = /\bredirectUri: '([^']*)'/.exec(code)?.[1] ?? ''
  tenant.registerRedirectUris(new URL(path, pages.origin()).href)

  let source = fillIn(code, 'tenant', tenant.url)
  source = fillIn(source, 'application', id)
  source = fillIn(source, 'clientId', clientId)
  source = source.replaceAll('https://bank.example', bank.url)
  await project.write(`src/main.${language}`, source)
  await project.write('index.html', HTML(`main.${language}`))
  // That a machine is slow is nothing it should say here.
  const checks = '{ bundlerTimings: false }'
  await project.write(
    'vite.config.js',
    `export default { build: { rolldownOptions: { checks: ${checks} } } }`,
  )
  const vite = join(project.folder, 'node_modules/vite/bin/vite.js')
  const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: project.folder,
    encoding: 'utf8',
  })
  expect(built.stdout + built.stderr).toBe('')

  const profile = await browser.newProfile()
  const page = await profile.newPage()
  await page.goto(pages.origin())
  await page.waitForURL(`${tenant.url}/**`)
  await signInAtTenant(page, pages.origin())
  await page.waitForFunction(() => document.body.textContent?.includes('monika.a'))
  expect(new URL(page.url()).search).toBe('')
  expect(profile.observed.errors).toEqual([])

  await page.reload()
  await page.waitForFunction(() => document.body.textContent?.includes('monika.a'))
  expect(new URL(page.url()).origin).toBe(pages.origin())
})
