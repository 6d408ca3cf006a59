// @ts-check
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }
import { ROOT } from './pages.mjs'

/** Where the reference is, below the root. */
export const API = 'docs/api/'

const MENTION = '<!-- Written by `node test/docs/write-api.mjs` from the docstrings in src. -->\n\n'

/** The source of each entry point, by the name of its page. */
const ENTRIES = Object.values(manifest.exports)
  .filter((target) => typeof target === 'object')
  .map((target) => `${ROOT}${target.default.replace('./dist', 'src').replace(/js$/, 'ts')}`)

/**
 * Writes the reference from the docstrings: a page per entry point. What typedoc warns of, a public
 * thing without a word about it above all, is a complaint.
 *
 * @param {readonly string[]} [entries] other sources than those that are published
 * @param {string} [tsconfig] of which they are part
 * @returns {Promise<{ pages: Record<string, string>, complaints: string[] }>} pages by their names
 */
export async function writeApi(entries = ENTRIES, tsconfig = `${ROOT}tsconfig.json`) {
  // Installed by `node test/runner/install.mjs test/docs`, and no part of the root install: the
  // compiler, which runs before that, must not look for it.
  const typedoc = 'typedoc'
  const { Application, LogLevel, Logger } = await import(typedoc)
  /** @type {string[]} */
  const complaints = []
  class Complaints extends Logger {
    /** @param {string} message @param {number} level */
    log(message, level) {
      if (level >= LogLevel.Warn) complaints.push(message)
    }
  }
  const out = mkdtempSync(join(tmpdir(), 'tessera-api-'))
  try {
    const options = {
      name: manifest.name,
      entryPoints: [...entries],
      tsconfig,
      plugin: ['typedoc-plugin-markdown'],
      outputs: [{ name: 'markdown', path: out }],
      router: 'module',
      readme: 'none',
      disableSources: true,
      excludeExternals: true,
      sort: ['source-order'],
      hidePageHeader: true,
      hideBreadcrumbs: true,
      useCodeBlocks: true,
      parametersFormat: 'table',
      interfacePropertiesFormat: 'table',
      classPropertiesFormat: 'table',
      tableColumnSettings: { hideModifiers: true, hideOverrides: true, hideDefaults: true },
      validation: { notExported: true, invalidLink: true, notDocumented: true },
      requiredToBeDocumented: [
        ...['Class', 'Interface', 'Function', 'TypeAlias', 'Variable'],
        ...['Property', 'Method', 'Accessor'],
      ],
    }
    const app = await Application.bootstrapWithPlugins(options)
    app.logger = new Complaints()
    const project = await app.convert()
    if (!project) return { pages: {}, complaints }
    app.validate(project)
    await app.generateOutputs(project)
    return { pages: readPages(out), complaints }
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

/** @param {string} folder */
function readPages(folder) {
  const names = readdirSync(folder).filter((name) => name !== 'README.md')
  return Object.fromEntries(
    names.sort().map((name) => {
      const title = name === 'index.md' ? manifest.name : `${manifest.name}/${name.slice(0, -3)}`
      const text = readFileSync(join(folder, name), 'utf8').replace(/^# .*$/m, `# \`${title}\``)
      return [name, MENTION + text.replaceAll('README.md', 'index.md')]
    }),
  )
}
