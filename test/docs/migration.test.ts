import { expect, test } from 'vitest'
import { compileCodeBlocks, findCodeBlocks } from './code-blocks.mjs'
import { listPages, readPage } from './pages.mjs'

const PAGES = listPages().filter((page) => page.startsWith('docs/migration/'))

test('there is a page for each library', () => {
  const names = ['auth0-spa-js', 'keycloak-js', 'msal-browser', 'oidc-client-ts', 'oidc-spa']
  const pages = [...names, 'okta-auth-js'].map((name) => `docs/migration/from-${name}.md`)
  expect(PAGES).toEqual(pages)
})

test.for(PAGES)('the code of %s compiles against both packages', (page) => {
  const blocks = findCodeBlocks(page, readPage(page))
  // Before, after, and what removes the tokens that the library has left behind, if it stores any.
  expect(blocks).toHaveLength(/keycloak-js|oidc-spa/.test(page) ? 2 : 3)
  expect(compileCodeBlocks(blocks, 'test/bench/')).toEqual([])
})
