import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

interface Process {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/**
 * The processes that the tabs of this test's browser live in. Stopping them is what a sleeping laptop
 * does to a tab. What the browsers offer for it does less: see docs/soak.md.
 */
export function tabProcesses(): number[] {
  const all = existsSync('/proc/self/stat') ? fromProc() : fromPs()
  const childrenOf = (pid: number): Process[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...childrenOf(child.pid)])
  return childrenOf(process.pid)
    .filter(({ command }) =>
      /--type=renderer|-contentproc.* tab\s*$|\/WebKitWebProcess /.test(command),
    )
    .map(({ pid }) => pid)
}

/** Stops processes, or lets them go on. One that has ended meanwhile stays so. */
export function signal(pids: readonly number[], name: 'SIGSTOP' | 'SIGCONT'): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch {}
  }
}

function fromProc(): Process[] {
  const read = (pid: string) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The name before may hold any character, brackets too.
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return [{ pid: Number(pid), parent, command }]
    } catch {
      return []
    }
  }
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap(read)
}

function fromPs(): Process[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  return [...table.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)].map(
    ([, pid, parent, command = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      command,
    }),
  )
}
