/** One step on the way to elements. They begin at the document, or at what the step before found. */
export type Step =
  | { readonly by: 'css'; readonly selector: string; readonly text?: Pattern }
  | { readonly by: 'role'; readonly role: string; readonly level?: number }
  | { readonly by: 'text' | 'label'; readonly text: Pattern }
  | { readonly by: 'first' }

/** A part of a text, in any case, or a regular expression, in a form that crosses to the page. */
export type Pattern = string | { readonly source: string; readonly flags: string }

/** Runs in the page: takes the steps, from the document or from the elements that follow. */
export function findElements(
  steps: readonly Step[],
  isFromDocument: boolean,
  ...from: readonly Element[]
): Element[] {
  // Of roles that are given by tags, those that the tests ask for.
  const roles: Readonly<Record<string, string>> = {
    alert: '[role=alert]',
    button: 'button:not([role]), input[type=submit], [role=button]',
    complementary: 'aside, [role=complementary]',
    heading: 'h1, h2, h3, h4, h5, h6',
    link: 'a[href]:not([role]), [role=link]',
    list: 'ul, ol, [role=list]',
    switch: '[role=switch]',
    table: 'table, [role=table]',
  }
  const matches = (pattern: Pattern, text: string | null) => {
    const plain = (text ?? '').replace(/\s+/g, ' ').trim()
    if (typeof pattern !== 'string') return new RegExp(pattern.source, pattern.flags).test(plain)
    return plain.toLowerCase().includes(pattern.toLowerCase())
  }
  const take = (scope: ParentNode, step: Exclude<Step, { by: 'first' }>): Element[] => {
    const all = (selector: string) => [...scope.querySelectorAll(selector)]
    if (step.by === 'css') {
      const { text } = step
      return all(step.selector).filter((each) => !text || matches(text, each.textContent))
    }
    if (step.by === 'role') {
      const tags = step.level ? `h${step.level}` : roles[step.role]
      if (!tags) throw new Error(`The driver does not know the role ${step.role}.`)
      return all(tags).filter((each) => each.checkVisibility())
    }
    if (step.by === 'label') {
      const labels = all('label') as HTMLLabelElement[]
      return labels.flatMap((label) =>
        label.control && matches(step.text, label.textContent) ? [label.control] : [],
      )
    }
    // The innermost element that holds the text, be it the one that is looked in.
    const own = scope instanceof Element ? [scope] : []
    return [...own, ...all(':not(script, style, head, head *)')].filter(
      ({ textContent, children }) =>
        matches(step.text, textContent) &&
        ![...children].some((child) => matches(step.text, child.textContent)),
    )
  }
  let found: ParentNode[] = isFromDocument ? [document] : [...from]
  for (const step of steps) {
    if (step.by === 'first') found = found.slice(0, 1)
    else found = [...new Set(found.flatMap((scope) => take(scope, step)))]
  }
  return found as Element[]
}

/** Runs in the page: whether the user sees the element. */
export function isShown(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect()
  return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true })
}

/** Runs in the page: where the middle of the element is, once in view; nothing where it is covered. */
export function takePlace(element: Element): string | undefined {
  element.scrollIntoView({ behavior: 'instant', block: 'nearest', inline: 'nearest' })
  // The driver clicks the middle of the first box.
  const { left, top, width, height } = element.getClientRects()[0] ?? new DOMRect()
  const [x, y] = [left + width / 2, top + height / 2]
  const hit = document.elementFromPoint(x, y)
  return hit && (element.contains(hit) || hit.contains(element)) ? `${x} ${y}` : undefined
}

/** Runs in the page: takes note of whether the next click gets to the element. */
export function watchClick(element: Element & { wasClicked?: boolean }): void {
  element.wasClicked = false
  const note = (event: Event) => {
    element.wasClicked = event.composedPath().includes(element)
  }
  addEventListener('click', note, { capture: true, once: true })
}

/** Runs in the page: whether the click has got there, or the element is gone by now. */
export function tookClick(element: Element & { wasClicked?: boolean }): boolean {
  return !element.isConnected || element.wasClicked !== false
}

/** Runs in the page: puts a text into a field, as typing over what is there does. */
export function fillField(element: HTMLInputElement, text: string): void {
  element.focus()
  element.select()
  document.execCommand('insertText', false, text)
}
