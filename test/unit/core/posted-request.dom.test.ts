import { postedAuthorization } from 'tessera-auth/post'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.restoreAllMocks()
})

test('postedAuthorization() shows nothing of its form, and leaves none behind', () => {
  const sent: unknown[] = []
  vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(function (
    this: HTMLFormElement,
  ) {
    sent.push([this.method, this.action, this.target, this.hidden, [...new FormData(this)]])
  })
  postedAuthorization().navigate?.('https://login.example/authorize?own=1&client_id=a&state=b+%26')
  expect(sent).toEqual([
    [
      'post',
      'https://login.example/authorize?own=1',
      '_self',
      true,
      [
        ['client_id', 'a'],
        ['state', 'b &'],
      ],
    ],
  ])
  expect(document.forms).toHaveLength(0)
})
