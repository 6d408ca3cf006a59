import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const PORTS = ['--port=0', '--port-tenant=0', '--port-bank=0']

test.for<[name: string, command: string, args: string[], outcome: unknown]>([
  // What npm says of a signal is a matter of its version.
  ['npm start', 'npm', ['start', '--', ...PORTS], expect.anything()],
  ['its script', process.execPath, ['demo/start.mjs', ...PORTS], [0, null]],
])(
  '%s says in its last line where the demo is, and ends when it is told to',
  async ([, command, args, outcome]) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
    // With all that it has started: they have the same output.
    const ended = once(child, 'close')
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
    expect(await ended).toEqual(outcome)
  },
)

test.for([
  ['--prot=1', 'There is no option --prot. Did you mean --port?'],
  ['--tenant-refesh=allowed', 'There is no option --tenant-refesh. Did you mean --tenant-refresh?'],
  ['--nothing-like-it', 'There is no option --nothing-like-it.'],
  ['-p', 'There is no option -p.'],
  [
    '--tenant-refresh=maybe',
    'The tenant\'s switch "--tenant-refresh=maybe" takes one of: withheld, refused, allowed.',
  ],
  ['--application=x', '--application is taxefile or taxefile-api, not "x".'],
])('npm start says what is wrong with %s, and where all options are', async ([flag, what]) => {
  const child = spawn(process.execPath, ['demo/start.mjs', String(flag)], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [said, ended] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect(said).toBe(`\n${what} See npm start -- --help\n`)
  expect(ended).toEqual([1, null])
})
