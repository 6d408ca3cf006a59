import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('npm start says in its last line where the demo is, and ends when it is told to', async () => {
  const child = spawn(
    process.execPath,
    ['demo/start.mjs', '--port=0', '--port-tenant=0', '--port-bank=0'],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)), stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(child, 'exit')
  let output = ''
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
      const address = /^Demo ready: (http:\/\/\S+)\n/m.exec(output)?.[1]
      if (address) resolve(address)
    })
    ended.then(() => reject(new Error(output)))
  })
  try {
    const app = await ready
    const page = await fetch(app)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<title>Tax eFile</title>')
    const [, tenant = ''] = /^Demo tenant +(\S+)/m.exec(output) ?? []
    const [, bank = ''] = /^Bank's API +(\S+)/m.exec(output) ?? []
    const metadata = `${tenant}/taxefile/.well-known/openid-configuration`
    expect(await (await fetch(metadata)).json()).toMatchObject({
      issuer: expect.stringContaining(tenant),
    })
    expect((await fetch(`${bank}/api/accounts`)).status).toBe(401)
    expect(output.trimEnd().split('\n').at(-1)).toBe(`Demo ready: ${app}`)
  } finally {
    child.kill('SIGTERM')
  }
  expect(await ended).toEqual([0, null])
})
