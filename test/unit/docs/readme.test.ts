import ts from 'typescript'
import { expect, test } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { readPage } from '../../docs/pages.mjs'

/** The names of the members of an interface, in their order. */
function membersOf(path: string, name: string): string[] {
  const file = ts.createSourceFile(path, readPage(path), ts.ScriptTarget.ES2022, true)
  const found = file.statements
    .filter(ts.isInterfaceDeclaration)
    .find((statement) => statement.name.text === name)
  return (found?.members ?? []).map((member) => member.name?.getText(file) ?? '')
}

/** What stands in code in the first column of the table under a heading of README.md. */
function firstColumn(heading: string): string[] {
  const section = readPage('README.md').split(`\n### ${heading}\n`)[1]?.split(/^##/m)[0] ?? ''
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, code = '']) => code)
}

test('README.md lists the entry points that package.json exports', () => {
  const exported = Object.keys(manifest.exports)
    .filter((path) => path !== './package.json')
    .map((path) => path.replace('.', manifest.name))
  expect(firstColumn('Entry points')).toEqual([...exported, 'dist/tessera-auth.min.js'])
})

test('README.md lists every option, in their order', () => {
  const options = membersOf('src/types/options.ts', 'AuthOptions')
  expect(options).toContain('clientId')
  expect(firstColumn('Options')).toEqual(options)
})

test('README.md lists every function of a client', () => {
  const functions = membersOf('src/types/auth.ts', 'Auth')
  const known = ['state', 'ready', 'subscribe']
  expect(functions).toEqual(expect.arrayContaining(known))
  const listed = firstColumn('What an app calls').map((call) => /^auth\.(\w+)\(/.exec(call)?.[1])
  expect(listed.sort()).toEqual(functions.filter((name) => !known.includes(name)).sort())
})

test('README.md lists the members of each state', () => {
  const listed = Object.fromEntries(
    [...readPage('README.md').matchAll(/^\| `'([a-z-]+)'` \|([^|]*)\|/gm)].map(
      ([, status, members = '']) => [
        status,
        [...members.matchAll(/`(\w+)`/g)].map(([, name]) => name),
      ],
    ),
  )
  const states = {
    starting: 'StartingState',
    'signed-out': 'SignedOutState',
    'signing-in': 'SigningInState',
    'signed-in': 'SignedInState',
  }
  expect(listed).toEqual(
    Object.fromEntries(
      Object.entries(states).map(([status, name]) => [
        status,
        membersOf('src/types/state.ts', name).filter((member) => member !== 'status'),
      ]),
    ),
  )
})
