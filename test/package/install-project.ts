import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }
import { npm, pack } from './pack.ts'

export interface Project {
  readonly folder: string
  write(path: string, content: string): Promise<void>
  remove(): Promise<void>
}

/** An empty project as a user has it, with the tarball and the named tools installed by npm. */
export async function installProject(tools: readonly 'vite'[] = []): Promise<Project> {
  const packed = await pack()
  const folder = await mkdtemp(join(tmpdir(), 'tessera-project-'))
  const project: Project = {
    folder,
    async write(path, content) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
  try {
    await project.write('package.json', JSON.stringify({ private: true, type: 'module' }))
    const wanted = tools.map((name) => `${name}@${manifest.devDependencies[name]}`)
    const options = ['--prefer-offline', '--no-audit', '--no-fund']
    npm(['install', ...options, packed.tarball, ...wanted], folder)
    return project
  } catch (error) {
    await project.remove()
    throw error
  } finally {
    await packed.remove()
  }
}
