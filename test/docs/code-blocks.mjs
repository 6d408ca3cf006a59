// @ts-check
import ts from 'typescript'
import { ROOT } from './pages.mjs'

/**
 * A block of code in a page.
 *
 * @typedef {object} CodeBlock
 * @property {string} page
 * @property {number} line of its first line of code, from 1
 * @property {'ts' | 'js'} language
 * @property {string} code
 * @property {string} context what the reader does not see and the compiler needs
 */

const FENCE = /(?:<!-- context:([\s\S]*?)-->\s*)?^```(ts|js)\n([\s\S]*?)^```$/gm

/**
 * The blocks of TypeScript and JavaScript in a page. A block that cannot stand alone is preceded by
 * an HTML comment, which a reader does not see and which is compiled in front of it:
 *
 *     <!-- context: declare const auth: import('tessera-auth').Auth -->
 *
 * @param {string} page
 * @param {string} markdown
 * @returns {CodeBlock[]}
 */
export function findCodeBlocks(page, markdown) {
  return [...markdown.matchAll(FENCE)].map((match) => {
    const [whole, context = '', language, code = ''] = match
    const before = markdown.slice(0, match.index + whole.length - code.length - '```'.length)
    return {
      page,
      line: before.split('\n').length,
      language: /** @type {'ts' | 'js'} */ (language),
      code,
      context: context.trim(),
    }
  })
}

/** As strict as a reader's project may be. */
export const OPTIONS = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  allowJs: true,
  checkJs: true,
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  // The declarations themselves are held by test/package/types.test.ts.
  skipLibCheck: true,
}

/**
 * Compiles each block by itself against the declarations in `dist`, which it imports by the
 * package's own name.
 *
 * @param {readonly CodeBlock[]} blocks
 * @param {string} [folder] below the root, from where other packages are looked up
 * @returns {string[]} a line per mistake, with page and line; none if all is well
 */
export function compileCodeBlocks(blocks, folder = '') {
  const sources = new Map(
    blocks.map((block, at) => [
      `${ROOT}${folder}block-${at}.${block.language}`,
      { block, text: block.context ? `${block.context}\n${block.code}` : block.code },
    ]),
  )
  // By the name of the package, which only a folder of the package itself could use.
  const declarations = {
    'tessera-auth': [`${ROOT}dist/index`],
    'tessera-auth/*': [`${ROOT}dist/*`],
  }
  const options = { ...OPTIONS, paths: declarations }
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (name) => sources.has(name) || fileExists(name)
  host.readFile = (name) => sources.get(name)?.text ?? readFile(name)
  host.getSourceFile = (name, version, ...rest) => {
    const source = sources.get(name)
    return source
      ? ts.createSourceFile(name, source.text, version, true)
      : getSourceFile(name, version, ...rest)
  }
  const program = ts.createProgram([...sources.keys()], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ')
    const source = file && sources.get(file.fileName)
    if (!source) return `${file?.fileName.replace(ROOT, '') ?? 'compiler'}: ${message}`
    const { block } = source
    const hidden = block.context ? block.context.split('\n').length : 0
    const { line } = ts.getLineAndCharacterOfPosition(file, start)
    return `${block.page}:${block.line + line - hidden}: ${message}`
  })
}
