import data, { type CompatStatement, type Identifier } from '@mdn/browser-compat-data/forLegacyNode'
import ts from 'typescript'

/** The features of the platform that programs use, by their names in MDN's browser-compat-data. */
export interface FoundFeatures {
  readonly names: ReadonlySet<string>
  /** Methods that are called on something whose type is not known. */
  readonly unknown: ReadonlySet<string>
}

const OPTIONS: ts.CompilerOptions = {
  allowJs: true,
  checkJs: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
}

/**
 * Finds what files use of the language's library and of the browser: globals, constructors, and
 * members of either by the type of what they are a member of. Options within an object are not seen.
 */
export function findFeatures(files: readonly string[]): FoundFeatures {
  const program = ts.createProgram(files, OPTIONS)
  const checker = program.getTypeChecker()
  const names = new Set<string>()
  const unknown = new Set<string>()

  function symbolOf(node: ts.Identifier): ts.Symbol | undefined {
    const { parent } = node
    const isTaken = ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)
    if (!isTaken || (parent.propertyName ?? parent.name) !== node) {
      return checker.getSymbolAtLocation(node)
    }
    return checker.getTypeAtLocation(parent.parent).getProperty(node.text)
  }

  function visit(node: ts.Node): void {
    if (ts.isIdentifier(node)) {
      const symbol = symbolOf(node)
      for (const declaration of symbol?.declarations ?? []) {
        if (!program.isSourceFileDefaultLibrary(declaration.getSourceFile())) continue
        for (const name of namesOf(declaration, node.text)) names.add(name)
      }
      if (!symbol && isCalledMember(node)) unknown.add(node.text)
    }
    ts.forEachChild(node, visit)
  }
  for (const file of files) visit(program.getSourceFile(file) as ts.SourceFile)
  return { names, unknown }
}

function isCalledMember({ parent, ...node }: ts.Node): boolean {
  return (
    ts.isPropertyAccessExpression(parent) &&
    parent.name.pos === node.pos &&
    ts.isCallExpression(parent.parent) &&
    parent.parent.expression === parent
  )
}

/** What the data may call something that TypeScript's library declares. */
function namesOf({ parent }: ts.Declaration, name: string): string[] {
  const isStatic = ts.isTypeLiteralNode(parent) && ts.isVariableDeclaration(parent.parent)
  const holder = isStatic ? parent.parent : parent
  if (!isStatic && !ts.isInterfaceDeclaration(holder)) {
    return [`api.${name}`, `api.${name}.${name}`, `javascript.builtins.${name}`].filter(statementOf)
  }
  const owner = (holder as ts.InterfaceDeclaration).name.text
  const type = owner.replace(/^Readonly(?=Array|Map|Set)|Constructor$/g, '')
  const types = type === 'Body' ? ['Request', 'Response'] : [type]
  return types
    .flatMap((each) => [
      isStatic ? `api.${each}.${name}_static` : `api.${each}.${name}`,
      `javascript.builtins.${each}.${name}`,
    ])
    .filter(statementOf)
}

/** What the data says of a feature. */
function statementOf(feature: string): CompatStatement | undefined {
  const found = feature
    .split('.')
    .reduce<unknown>(
      (each, part) =>
        Object.hasOwn(Object(each), part) ? Reflect.get(Object(each), part) : undefined,
      data,
    ) as Identifier | undefined
  return found?.__compat
}

/** The browsers that the data tells apart, by those that a floor names. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  chrome: ['chrome', 'chrome_android', 'edge', 'webview_android'],
  firefox: ['firefox', 'firefox_android'],
  safari: ['safari', 'safari_ios', 'webview_ios'],
}

/** Returns which browsers of a floor, given as the first version by name, do not have a feature. */
export function lackedBy(feature: string, floor: Readonly<Record<string, string>>): string[] {
  const support: CompatStatement['support'] = statementOf(feature)?.support ?? {}
  return Object.entries(floor).flatMap(([name, first]) =>
    (ALIKE[name] ?? [name]).filter(
      (browser) =>
        ![support[browser as keyof typeof support] ?? []]
          .flat()
          .some(
            ({ version_added: added, version_removed: removed, flags, prefix }) =>
              !flags && !prefix && isAtMost(added, first) && !isAtMost(removed, first),
          ),
    ),
  )
}

/** Whether the version is a number, and no later than the other. */
function isAtMost(version: string | boolean | null | undefined, other: string): boolean {
  const [major, minor = 0] = String(version).replace('≤', '').split('.').map(Number)
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number)
  if (major === undefined || Number.isNaN(major)) return false
  return major < otherMajor || (major === otherMajor && minor <= otherMinor)
}

const OWNERS = { api: data.api, 'javascript.builtins': data.javascript.builtins }

/** Returns all features that are a member of this name, whatever of, or a global. */
export function featuresCalled(name: string): string[] {
  return Object.entries(OWNERS).flatMap(([place, owners]) =>
    Object.keys((owners ?? {}) as object)
      .flatMap((owner) => [`${place}.${owner}.${name}`, `${place}.${owner}.${name}_static`])
      .concat(`${place}.${name}`)
      .filter(statementOf),
  )
}
