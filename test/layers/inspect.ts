import { posix } from 'node:path'
import ts from 'typescript'

/** What a layer may import, by the names of layers and packages. */
interface Layer {
  readonly imports: readonly string[]
  /** Layers of which it may know the types alone. */
  readonly types?: readonly string[]
  /** Globals it may not mention. */
  readonly without?: readonly string[]
}

const MAX_LINES = 250

const WINDOW = ['window', 'document', 'location', 'history', 'localStorage', 'sessionStorage']
const CLOCK = ['Date', 'performance', 'setTimeout', 'setInterval']
const LEAVES = ['errors', 'types']

/** The drawing in "The house" of the design, as a table. `entry` stands for the public files. */
const LAYERS: Readonly<Record<string, Layer>> = {
  errors: { imports: [] },
  types: { imports: [], types: ['errors'] },
  protocol: { imports: [...LEAVES, 'oauth4webapi'], without: [...WINDOW, ...CLOCK, 'indexedDB'] },
  session: { imports: [...LEAVES, 'protocol'], without: WINDOW },
  http: { imports: LEAVES, without: WINDOW },
  storage: { imports: LEAVES, types: ['platform'], without: WINDOW },
  tabs: { imports: LEAVES, types: ['platform'] },
  navigation: { imports: LEAVES, types: ['platform'] },
  platform: { imports: LEAVES },
  client: {
    imports: [
      ...LEAVES,
      ...['protocol', 'session', 'http', 'storage', 'tabs', 'navigation', 'platform'],
    ],
  },
  entry: { imports: [...LEAVES, 'entry', 'client', 'protocol', 'navigation'] },
}

interface Import {
  readonly target: string
  readonly typesOnly: boolean
}

/**
 * Holds sources against the rules of the house.
 *
 * @param sources Text by path below `src`, such as `protocol/read-callback.ts`.
 * @returns A sentence for each rule that is broken; none if all is well.
 */
export function inspect(sources: Readonly<Record<string, string>>): string[] {
  const program = createProgram(sources)
  const checker = program.getTypeChecker()
  const imports = new Map<string, Import[]>()
  const complaints: string[] = []
  for (const [path, text] of Object.entries(sources)) {
    const file = program.getSourceFile(absolute(path))
    if (!file) throw new Error(`${path} was not parsed`)
    const found = importsOf(file, path)
    imports.set(path, found)
    const layer = layerOf(path)
    const rules = LAYERS[layer]
    const lines = text.trimEnd().split('\n').length
    if (lines > MAX_LINES) complaints.push(`${path} has ${lines} lines, of ${MAX_LINES} at most`)
    if (!rules) {
      complaints.push(`${path} is in no layer`)
      continue
    }
    complaints.push(...wrongImports(path, layer, rules, found))
    const forbidden = new Set(rules.without)
    for (const name of globalsOf(file, checker, forbidden)) {
      complaints.push(`${path} mentions the global ${name}`)
    }
  }
  return [...complaints, ...cyclesIn(imports)]
}

function layerOf(path: string): string {
  const [first = '', ...rest] = path.split('/')
  if (rest.length > 0) return first
  const name = first.replace(/\.ts$/, '')
  return name in LAYERS && LEAVES.includes(name) ? name : 'entry'
}

function wrongImports(path: string, layer: string, rules: Layer, found: Import[]): string[] {
  return found.flatMap(({ target, typesOnly }) => {
    const isPackage = !target.endsWith('.ts')
    const other = isPackage ? target : layerOf(target)
    if (!isPackage && target.startsWith('..')) return [`${path} imports ${target}, outside src`]
    if (rules.imports.includes(other) || (layer === other && !isPackage)) return []
    if (!rules.types?.includes(other)) return [`${path} imports ${target}`]
    return typesOnly ? [] : [`${path} imports ${target} for more than its types`]
  })
}

const ROOT = '/src/'

const absolute = (path: string) => ROOT + path

/** The files of TypeScript's own library, which are the same for all programs. */
const library = new Map<string, ts.SourceFile | undefined>()

function createProgram(sources: Readonly<Record<string, string>>): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
    noEmit: true,
  }
  const host = ts.createCompilerHost(options)
  const sourceOf = (name: string) => {
    const path = name.slice(ROOT.length)
    return name.startsWith(ROOT) && Object.hasOwn(sources, path) ? sources[path] : undefined
  }
  host.fileExists = (name) => sourceOf(name) !== undefined
  host.readFile = sourceOf
  host.directoryExists = (name) => `${name}/`.startsWith(ROOT)
  host.getSourceFile = (name, version) => {
    const source = sourceOf(name)
    if (source !== undefined) return ts.createSourceFile(name, source, version, true)
    if (!library.has(name)) {
      const text = ts.sys.readFile(name)
      library.set(name, text === undefined ? text : ts.createSourceFile(name, text, version))
    }
    return library.get(name)
  }
  return ts.createProgram(Object.keys(sources).map(absolute), options, host)
}

function importsOf(file: ts.SourceFile, path: string): Import[] {
  const found: Import[] = []
  const add = (specifier: ts.Node | undefined, typesOnly: boolean) => {
    if (!specifier) return
    if (!ts.isStringLiteralLike(specifier)) {
      found.push({ target: `a computed name (${specifier.getText()})`, typesOnly })
      return
    }
    const { text } = specifier
    const target = text.startsWith('.')
      ? posix.join(posix.dirname(path), text.replace(/\.js$/, '.ts'))
      : text
    found.push({ target, typesOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument, true)
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** The forbidden names that mean the global here, and not a parameter or a property of that name. */
function globalsOf(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  forbidden: ReadonlySet<string>,
): Set<string> {
  const found = new Set<string>()
  const isOurs = (symbol: ts.Symbol | undefined) =>
    !symbol?.declarations ||
    symbol.declarations.some((each) => each.getSourceFile().fileName.startsWith(ROOT))
  const check = (name: string, symbol: ts.Symbol | undefined) => {
    if (forbidden.has(name) && !isOurs(symbol)) found.add(name)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isCalculation(node)) {
      check(node.text, symbolOf(node, checker))
    } else if (ts.isBindingElement(node)) {
      const key = node.propertyName ?? node.name
      const from = checker.getTypeAtLocation(node.parent)
      if (ts.isIdentifier(key) || ts.isStringLiteral(key)) {
        check(key.text, from.getProperty(key.text))
      }
    } else if (
      ts.isElementAccessExpression(node) &&
      ts.isStringLiteralLike(node.argumentExpression)
    ) {
      const { text } = node.argumentExpression
      check(text, checker.getTypeAtLocation(node.expression).getProperty(text))
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** `Date.parse(text)` and `new Date(time)` do not look at the clock. */
function isCalculation({ text, parent }: ts.Identifier): boolean {
  if (text !== 'Date') return false
  if (ts.isNewExpression(parent)) return (parent.arguments?.length ?? 0) > 0
  return ts.isPropertyAccessExpression(parent) && ['parse', 'UTC'].includes(parent.name.text)
}

function symbolOf(node: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined {
  return ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node)
}

/** Circles among imports, each told once, beginning with its first file in the alphabet. */
function cyclesIn(imports: ReadonlyMap<string, readonly Import[]>): string[] {
  const found = new Set<string>()
  const finished = new Set<string>()
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      const circle = trail.slice(start)
      const first = circle.indexOf([...circle].sort()[0] as string)
      const turned = [...circle.slice(first), ...circle.slice(0, first)]
      found.add([...turned, turned[0]].join(' → '))
      return
    }
    if (finished.has(path)) return
    for (const { target } of imports.get(path) ?? []) walk(target, [...trail, path])
    finished.add(path)
  }
  for (const path of [...imports.keys()].sort()) walk(path, [])
  return [...found].map((circle) => `${circle} is a circle`)
}
