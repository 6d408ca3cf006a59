// @ts-check

/**
 * The README with these figures in its sentence about the core and in its table of entry points.
 *
 * @param {string} readme
 * @param {Readonly<Record<string, number>>} sizes In KB of 1024 bytes, by what an app imports.
 */
export function putSizesIntoReadme(readme, sizes) {
  let text = readme
  for (const [name, size] of Object.entries(sizes)) {
    const isCore = name === 'tessera-auth'
    const row = new RegExp(`^(\\| \`${name}\` \\|.*\\|)[^|\\n]*\\|$`, 'm')
    text = text.replace(row, `$1 ${isCore ? '' : '+'}${size.toFixed(1)} KB |`)
    if (isCore) text = text.replace(/(The core weighs at most )[\d.]+/, `$1${size.toFixed(1)}`)
  }
  return text
}
