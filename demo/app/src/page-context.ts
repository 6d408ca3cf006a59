import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Page } from './page.js'

const PageContext = createContext<Page | null>(null)

/** Hands the page to everything below. */
export const PageProvider = PageContext.Provider

/** The page this component is part of. */
export function usePage(): Page {
  const page = useContext(PageContext)
  if (!page) throw new TypeError('usePage() needs a PageProvider above')
  return page
}
