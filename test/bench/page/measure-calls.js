/**
 * What a call costs in the page of an app that is signed in: microseconds per call. What takes
 * milliseconds is known before the last of ten thousand.
 */
async function inTurn(count, call) {
  const start = performance.now()
  const elapsed = () => performance.now() - start
  let made = 0
  while (made < count && !(made % 100 === 99 && elapsed() > 2000)) {
    await call()
    made++
  }
  return (elapsed() * 1000) / made
}

async function atOnce(count, call) {
  const start = performance.now()
  await Promise.all(Array.from({ length: count }, call))
  return ((performance.now() - start) * 1000) / count
}

/** Alone: apart from one another, as a page has them. */
async function alone(call) {
  let sum = 0
  for (let index = 0; index < 50; index++) {
    await new Promise((resolve) => setTimeout(resolve))
    sum += await inTurn(1, call)
  }
  return sum / 50
}

export async function measureTokens() {
  const call = () => app.getToken()
  // The engine warms up.
  await inTurn(100, call)
  return {
    '1 call': await alone(call),
    '100 in turn': await inTurn(100, call),
    '100 at once': await atOnce(100, call),
    '10 000 in turn': await inTurn(10_000, call),
    '10 000 at once': await atOnce(10_000, call),
  }
}

/** The time that a call takes beyond that of `fetch` with a header that is known, in turns. */
export async function measureFetch() {
  const url = `${settings.api}x`
  const headers = { authorization: `Bearer ${await app.getToken()}` }
  const plain = () => fetch(url, { headers })
  const call = () => app.fetch(url)
  const added = async (blocks, count) => {
    await inTurn(count, call)
    const differences = []
    for (let block = 0; block < blocks; block++) {
      const before = await inTurn(count, plain)
      differences.push((await inTurn(count, call)) - before)
    }
    return differences.sort((one, other) => one - other)[blocks >> 1]
  }
  const loopback = await added(101, 1)
  globalThis.isStubbed = true
  const stubbed = await added(21, 100)
  globalThis.isStubbed = false
  return { stubbed, loopback }
}
