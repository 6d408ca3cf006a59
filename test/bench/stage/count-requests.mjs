// @ts-check

/**
 * Requests to the provider that somebody waits for a round trip for, preflights among them.
 *
 * @param {readonly import('./start-server.mjs').SeenRequest[]} seen
 */
export function countRequests(seen) {
  return seen.filter(({ path }) => !/^\/(favicon|interaction)/.test(path)).length
}
