import fc from 'fast-check'

/** Names that a careless reader trips over, since every object seems to have them. */
const TRAPS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'toJSON',
  'hasOwnProperty',
  'then',
  'length',
]

/**
 * The text of a JSON value that a hostile provider may send: of any shape, with these names among
 * others, with names given twice and with those above.
 */
export function hostileJson(names: readonly string[]): fc.Arbitrary<string> {
  const key = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names) },
    { weight: 2, arbitrary: fc.constantFrom(...TRAPS) },
    fc.string(),
  )
  const scalar = fc.oneof(
    fc.constantFrom('null', 'true', 'false', '0', '-1', '1e999', '-0', '3600', '""', '"Bearer"'),
    fc.constantFrom(
      '"https://login.example/"',
      '"javascript:alert(1)"',
      '"\\u202e\\u0000"',
      '"S256"',
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  )
  const { value } = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join()}]`),
    object: fc
      .array(fc.tuple(key, tie('value')), { maxLength: 8 })
      .map(
        (members) => `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join()}}`,
      ),
  }))
  return value
}
