import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the callback repeats its parameters as lists, as some frameworks read them',
  callback: (url) =>
    `${url.href}&code[]=other&state[]=other&error[]=access_denied&iss[0]=https://evil.example`,
  expect: { end: 'SIGNED-IN' },
})
