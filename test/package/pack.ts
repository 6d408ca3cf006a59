import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface Packed {
  readonly tarball: string
  /** Paths inside, in order. */
  readonly files: readonly string[]
  remove(): Promise<void>
}

/** Runs npm to its end; an error holds what it said. */
export function npm(args: readonly string[], folder: string): string {
  const path = process.env.npm_execpath
  const [file, ...first] = path ? [process.execPath, path] : ['npm']
  return execFileSync(file as string, [...first, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 150_000,
  })
}

/** Packs what would be published, from `dist` as it is. */
export async function pack(): Promise<Packed> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-pack-'))
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const [packed] = JSON.parse(npm(args, ROOT)) as [{ filename: string; files: { path: string }[] }]
  return {
    tarball: join(folder, packed.filename),
    files: packed.files.map(({ path }) => path).sort(),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
