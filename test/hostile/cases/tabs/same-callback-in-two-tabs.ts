import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { summary } from '../../run-case.ts'

export default defineCase({
  what: 'the same callback is opened in two tabs at once',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    if (!stage.hostile) return tab.goto(callback)
    const other = await stage.newTab()
    const ends = await Promise.all([tab.goto(callback), other.goto(callback)])
    expect(ends.map(summary)).toEqual([{ status: 'signed-in' }, { status: 'signed-in' }])
    return ends[0]
  },
  expect: { end: 'SIGNED-IN' },
})
