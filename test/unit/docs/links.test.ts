import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { listPages, ROOT, readPage } from '../../docs/pages.mjs'

/** The anchors of a page: its headings, as GitHub turns them into ids, and ids of its own. */
function anchorsOf(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
  return [...headings, ...[...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)]
}

test.for(listPages())('the links in %s lead somewhere', (page) => {
  const text = readPage(page).replace(/^```[\s\S]*?^```$/gm, '')
  const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : join(dirname(page), path)
      if (!existsSync(join(ROOT, file))) return true
      return anchor !== undefined && !anchorsOf(readPage(file)).includes(anchor)
    })
  expect(broken).toEqual([])
})

test('no page names a place on a machine', () => {
  for (const page of listPages()) {
    expect(readPage(page), page).not.toMatch(/\/(home|root|Users|work|tmp)\/|[A-Z]:\\/)
  }
})

test('docs/llms.txt lists every page of the documents', () => {
  const listed = [...readPage('docs/llms.txt').matchAll(/\]\(([^)\s]+)\)/g)].map(([, path = '']) =>
    join('docs', path).replaceAll('\\', '/'),
  )
  const missing = listPages().filter((page) => page.startsWith('docs/') && !listed.includes(page))
  expect(missing).toEqual(['docs/llms.txt'])
})
