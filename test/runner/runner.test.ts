import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from './child.mjs'
import { countTests } from './count-tests.mjs'

const node = (script: string) => [process.execPath, '-e', script]

/** A process that has ended may stay in the table until its parent looks at it: state Z. */
function isRunning(pid: number): boolean {
  const stat = `/proc/${pid}/stat`
  if (existsSync(stat)) return !/\) Z /.test(readFileSync(stat, 'utf8'))
  try {
    process.kill(pid, 0)
    return !existsSync('/proc/self/stat')
  } catch {
    return false
  }
}

describe('run() does', () => {
  test('tell success and failure, and all that was said', async () => {
    const script = `console.log('out'); console.error('err')`
    expect(await run(node(script), { minutes: 1 })).toEqual({ ok: true, output: 'out\nerr\n' })
    const failing = await run(node('process.exit(3)'), { minutes: 1 })
    expect(failing).toEqual({ ok: false, output: '' })
    const missing = await run(['/nonexistent/command'], { minutes: 1 })
    expect(missing.ok).toBe(false)
    expect(missing.output).toContain('ENOENT')
  })

  test('give nothing to read, so that nobody waits for an answer', async () => {
    const script = `process.stdin.on('end', () => console.log('end')).resume()`
    expect(await run(node(script), { minutes: 1 })).toEqual({ ok: true, output: 'end\n' })
  })

  test('end what takes too long, with all it started, in whatever process group', async () => {
    const idle = 'setInterval(() => {}, 1000)'
    const script = `const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, ['-e', '${idle}'], { detached: true })
      console.log(child.pid)
      ${idle}`
    const { ok, output } = await run(node(script), { minutes: 0.1 })
    expect(ok).toBe(false)
    expect(output).toContain('Stopped: it took longer than 0.1 minutes.')
    const grandchild = Number.parseInt(output, 10)
    expect(grandchild).toBeGreaterThan(1)
    await expect.poll(() => isRunning(grandchild), { timeout: 15_000 }).toBe(false)
  })
})

describe('countTests() does', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-count-'))
  })

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  async function count(ok: boolean, ...files: [status: string, ...tests: string[]][]) {
    const testResults = files.map(([status, ...tests]) => ({
      status,
      assertionResults: tests.map((each) => ({ status: each, meta: {} })),
    }))
    const path = join(folder, 'report.json')
    await writeFile(path, JSON.stringify({ testResults }))
    return countTests(path, ok)
  }

  test('add up files', async () => {
    const counted = await count(false, ['passed', 'passed'], ['failed', 'passed', 'failed'])
    expect(counted).toEqual({ passed: 2, failed: 1, notes: [] })
  })

  test('count a file that does not load', async () => {
    expect(await count(false, ['failed'])).toEqual({ passed: 0, failed: 1, notes: [] })
  })

  test('count what is left out as failed', async () => {
    expect(await count(true, ['passed', 'passed', 'skipped', 'todo'])).toEqual({
      passed: 1,
      failed: 2,
      notes: ['2 left out, which counts as failed'],
    })
  })

  test('count a run that fails although its tests pass', async () => {
    expect(await count(false, ['passed', 'passed'])).toEqual({ passed: 1, failed: 1, notes: [] })
  })

  test('count a run without a report', () => {
    const counted = countTests(join(folder, 'nothing.json'), true)
    expect(counted).toEqual({ passed: 0, failed: 1, notes: ['no report'] })
  })
})
