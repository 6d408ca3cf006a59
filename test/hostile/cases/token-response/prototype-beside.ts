import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response would change a prototype',
  tokenReply: answer((honest) =>
    honest.replace('{', '{"__proto__":{"error":"x"},"constructor":{"prototype":{"error":"x"}},'),
  ),
  expect: { end: 'SIGNED-IN' },
})
