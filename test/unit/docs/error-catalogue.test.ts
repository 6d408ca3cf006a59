import { describe, expect, test } from 'vitest'
import { checkErrorCatalogue, readErrorCodes } from '../../docs/error-catalogue.mjs'
import { readPage } from '../../docs/pages.mjs'

test('docs/errors.md explains every code of AuthErrorCode, and no other', () => {
  expect(readErrorCodes(readPage('src/errors.ts')).length).toBeGreaterThan(20)
  expect(checkErrorCatalogue(readPage('src/errors.ts'), readPage('docs/errors.md'))).toEqual([])
})

const SOURCE = `
  /** A comment that says | 'nothing' */
  export type Other = 'other'
  export type AuthErrorCode =
    /** An option is wrong. */
    | 'config'
    // | 'withdrawn'
    | 'network'`

const section = (code: string, labels = ['happened', 'the user sees', 'to change']) =>
  `## \`${code}\`\n\n${labels.map((label) => `**What ${label}.** Words.\n`).join('\n')}\n`

describe('checkErrorCatalogue()', () => {
  test('accepts a page that has each code once', () => {
    const page = `# Errors\n\n## How to read this\n\n${section('config')}${section('network')}`
    expect(checkErrorCatalogue(SOURCE, page)).toEqual([])
  })

  test('finds a code that is missing', () => {
    expect(checkErrorCatalogue(SOURCE, section('network'))).toEqual(['config is missing'])
  })

  test('finds a code that is not one, or not one any more', () => {
    const page = section('config') + section('network') + section('withdrawn') + section('config')
    expect(checkErrorCatalogue(SOURCE, page)).toEqual([
      'withdrawn is no code, or is there twice',
      'config is no code, or is there twice',
    ])
  })

  test('finds another order', () => {
    expect(checkErrorCatalogue(SOURCE, section('network') + section('config'))).toEqual([
      'The sections are not in the order of AuthErrorCode',
    ])
  })

  test('finds a section that leaves something out', () => {
    const page = section('config', ['happened', 'to change']) + section('network')
    expect(checkErrorCatalogue(SOURCE, page)).toEqual(['config does not say "What the user sees."'])
    const empty = section('config').replace('sees.** Words.', 'sees.**') + section('network')
    expect(checkErrorCatalogue(SOURCE, empty)).toEqual([
      'config does not say "What the user sees."',
    ])
  })

  test('does not take a union for granted', () => {
    expect(() => checkErrorCatalogue('export type Other = 1', '')).toThrow('no type AuthErrorCode')
    expect(() => checkErrorCatalogue('type AuthErrorCode = string | 1', '')).toThrow('no string')
  })
})
