import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token has half a megabyte of claims, which is much but under the cap (EITHER)',
  claims: members({ groups: Array.from({ length: 20_000 }, (_, at) => `group ${at} of many`) }),
  expect: { end: 'SIGNED-IN' },
})
