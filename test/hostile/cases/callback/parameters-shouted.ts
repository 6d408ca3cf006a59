import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the callback has its parameters in capital letters, too',
  callback: (url) =>
    `${url.href}&CODE=other&STATE=other&ERROR=access_denied&Iss=https://evil.example`,
  expect: { end: 'SIGNED-IN' },
})
