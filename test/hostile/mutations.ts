import type { Json, Reply } from './provider/mutation.ts'

/** Takes a parameter from an address. */
export function without(name: string): (url: URL) => URL {
  return (url) => {
    url.searchParams.delete(name)
    return url
  }
}

/** Sets parameters of an address. */
export function set(values: Readonly<Record<string, string>>): (url: URL) => URL {
  return (url) => {
    for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value)
    return url
  }
}

/** Appends a parameter to an address: the same value again, unless there is another. */
export function again(name: string, value?: string): (url: URL) => URL {
  return (url) => {
    url.searchParams.append(name, value ?? url.searchParams.get(name) ?? '')
    return url
  }
}

/** Sets members of a JSON object; `undefined` takes one away. */
export function members(values: Json): (object: Json) => Json {
  return (object) => ({ ...object, ...values })
}

/** Answers with this body, and what else is given. */
export function answer(
  body: Reply['body'] | ((honest: string) => Reply['body']),
  { status, headers, ...rest }: Partial<Reply> = {},
): (reply: Reply) => Reply {
  return (reply) => ({
    ...reply,
    ...rest,
    status: status ?? reply.status,
    headers: { ...reply.headers, ...headers },
    body: typeof body === 'function' ? body(reply.body as string) : body,
  })
}

/** Lets the first answers be others, and the later ones as they are. */
export function first(
  times: number,
  change: (reply: Reply) => Reply,
): (reply: Reply, issuer: unknown, nth: number) => Reply {
  return (reply, _, nth) => (nth <= times ? change(reply) : reply)
}

/** Never ends. */
export const never = new Promise<never>(() => {})

export const HTML = '<!doctype html><title>Sign in</title><script>alert(1)</script>'

/** A JSON value inside so many lists. */
export const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

/** Sends a text byte by byte, so slowly that it never comes to an end. */
export async function* drip(text: string): AsyncIterable<string> {
  for (const character of text) {
    yield character
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await never
}

/** Sends the same for as long as somebody reads. */
export async function* endless(begin: string, more: string): AsyncIterable<string> {
  yield begin
  const block = more.repeat(Math.ceil(65_536 / more.length))
  for (;;) yield block
}
