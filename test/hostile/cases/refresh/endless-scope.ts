import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

const scope = Array.from({ length: 120_000 }, (_, number) => number.toString(36)).join(' ')

export default defineCase({
  what: 'a scope of a hundred and twenty thousand words is compared with itself at a renewal, and the page goes on',
  act: 'renew',
  honest: { tokens: members({ scope }) },
  tokens: members({ scope }),
  expect: { end: 'KEEP' },
})
