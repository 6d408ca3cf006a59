import { postedAuthorization } from 'tessera-auth/post'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.restoreAllMocks()
})

test.for([
  'https://login.example/authorize?own=1',
  'https://login.example/authorize?next=/x?client_id=1',
])('postedAuthorization() shows nothing of its form to %s, and leaves none behind', (endpoint) => {
  const sent: unknown[] = []
  vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(function (
    this: HTMLFormElement,
  ) {
    sent.push([this.method, this.action, this.target, this.hidden, [...new FormData(this)]])
  })
  postedAuthorization().navigate?.(`${endpoint}&client_id=a&state=b+%26`)
  expect(sent).toEqual([
    [
      'post',
      endpoint,
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
