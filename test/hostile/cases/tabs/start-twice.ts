import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the app starts twice on the page of the callback, as React does in StrictMode',
  mode: 'twice',
  expect: { end: 'SIGNED-IN' },
})
