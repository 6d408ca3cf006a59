import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installProject, type Project } from './install-project.ts'
import { ROOT } from './pack.ts'

const CONSUMER = fileURLToPath(new URL('./consumer/', import.meta.url))
const FILES = readdirSync(CONSUMER)

const SETTINGS = {
  bundler: { module: 'ESNext', moduleResolution: 'Bundler' },
  nodenext: { module: 'NodeNext', moduleResolution: 'NodeNext' },
}

let project: Project

beforeAll(async () => {
  project = await installProject()
  for (const name of FILES) await project.write(name, await readFile(CONSUMER + name, 'utf8'))
})

afterAll(async () => {
  await project?.remove()
})

async function compile(settings: object): Promise<string> {
  const compilerOptions = {
    ...{ target: 'ES2022', lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [], noEmit: true },
    ...{ strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true },
    ...{ noUncheckedIndexedAccess: true, verbatimModuleSyntax: true, isolatedModules: true },
    ...settings,
  }
  const config = JSON.stringify({ compilerOptions, files: FILES })
  await project.write('tsconfig.json', config)
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  return spawnSync(process.execPath, [tsc], { cwd: project.folder, encoding: 'utf8' }).stdout
}

describe('the declarations compile in a strict project', () => {
  test.for(Object.entries(SETTINGS))('%s', async ([, settings]) => {
    expect(await compile(settings)).toBe('')
  })

  test('and the compiler does look at them', async () => {
    expect(await compile({ ...SETTINGS.nodenext, lib: ['ES2022'] })).toContain(
      'node_modules/tessera-auth/dist/',
    )
  })
})
