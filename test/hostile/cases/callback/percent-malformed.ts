import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the callback has a percent sign that encodes nothing',
  callback: (url) => `${url}&extra=%E0%A4%A`,
  expect: { end: 'SIGNED-IN' },
})
