import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { redirect } from '../../../src/navigation/redirect.ts'

test('a redirect that the user comes back from leaves no listener behind', async () => {
  const { signal } = new AbortController()
  let comeBack: () => void = () => {}
  const on = (_: string, task: () => void) => {
    comeBack = task
    return () => {}
  }
  const leaving = redirect(() => {}, on, 'https://login.example/', signal)
  comeBack()
  await expect(leaving).rejects.toMatchObject({ code: 'sign_in_interrupted' })
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
