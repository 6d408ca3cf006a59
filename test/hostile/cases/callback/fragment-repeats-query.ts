import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the parameters of the callback stand in the fragment once more',
  callback: (url) => `${url.href}#${url.search.slice(1)}`,
  expect: { end: 'SIGNED-IN' },
})
