import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readErrorCodes } from '../../docs/error-catalogue.mjs'
import { ROOT, readPage } from '../../docs/pages.mjs'

test('the codes that docstrings promise are codes', () => {
  const codes = readErrorCodes(readPage('src/errors.ts'))
  const sources = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readPage(`src/${path}`))
  const promised = sources.flatMap((source) =>
    [...source.matchAll(/@throws \{AuthError\}([^@]*?)(?=\*\/|\n\s*\* @)/g)].flatMap(
      ([, text = '']) =>
        [...text.matchAll(/`([a-z]+(?:_[a-z]+)+|config|closed|network|timeout|dpop)`/g)].map(
          ([, code]) => code,
        ),
    ),
  )
  expect(promised.length).toBeGreaterThan(50)
  expect(promised.filter((code) => !codes.includes(code ?? ''))).toEqual([])
})
