import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ENGINES } from '../browsers/engines.ts'
import { launchBrowser } from '../browsers/launch-browser.ts'
import { servePages } from '../browsers/serve-pages.ts'
import { ROOT } from './pack.ts'

const html = (integrity: string) => `<!doctype html>
<title>Script tag</title>
<link rel="icon" href="data:,">
<script src="/dist/tessera-auth.min.js" integrity="${integrity}" crossorigin="anonymous"></script>
<script>document.title = typeof tessera === 'object' ? Object.keys(tessera).join(' ') : 'none'</script>
`

test('the script loads by its hash, and not by another', async () => {
  const hash = readFileSync(join(ROOT, 'dist/tessera-auth.min.js.sri'), 'utf8').trim()
  const wrong = `sha384-${'A'.repeat(64)}`
  const pages = await servePages({ pages: { '/right': html(hash), '/wrong': html(wrong) } })
  const browser = await launchBrowser(ENGINES.chromium)
  try {
    const profile = await browser.newProfile()
    const page = await profile.newPage()
    await page.goto(`${pages.origin()}/right`)
    expect(await page.title()).toBe('AuthError createAuth cyberArkIdentity')
    expect(profile.observed.console).toEqual([])
    await page.goto(`${pages.origin()}/wrong`)
    expect(await page.title()).toBe('none')
  } finally {
    await browser.close()
    await pages.close()
  }
})
