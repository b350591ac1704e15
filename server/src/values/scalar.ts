/** What a YAML scalar means to Helm. */
export type ScalarValue = string | number | boolean | null;

const booleans = new Map<string, boolean>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word) => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word) => [word, false] as const,
  ),
]);

const nulls = new Set(['', '~', 'null', 'Null', 'NULL']);

const integers: readonly { readonly pattern: RegExp; readonly radix: number }[] = [
  { pattern: /^([-+]?)0[bB]([01]+)$/, radix: 2 },
  { pattern: /^([-+]?)0[xX]([0-9a-fA-F]+)$/, radix: 16 },
  { pattern: /^([-+]?)0[oO]?([0-7]+)$/, radix: 8 },
];

/** How large an integer can be that is not written in tens: what fits into 64 bits. */
const largest = { unsigned: 2 ** 64, negative: 2 ** 63 };

const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/**
 * Reads a plain (unquoted) scalar as Helm does. Helm's YAML reader follows YAML 1.1 for booleans and numbers
 * (`no`, `0x0e10`, `1_800`, `07020`), except that base-60 numbers such as `1:30` stay text. Checked by
 * rendering each form with Helm 3.10.1.
 * @param source The scalar's text, without comment and surrounding spaces.
 * @param tag An explicit tag such as `!!str`, or `!` for "not resolved".
 */
export function resolvePlain(source: string, tag?: string): ScalarValue {
  if (isTextTag(tag)) return source;
  const boolean = booleans.get(source);
  if (boolean !== undefined) return boolean;
  if (nulls.has(source)) return null;
  return resolveNumber(source) ?? source;
}

/**
 * Reads a quoted or block scalar as Helm does: it is text, unless a tag says otherwise (`!!int "3600"`).
 * @param content The scalar's content, escapes resolved.
 * @param tag An explicit tag.
 */
export function resolveQuoted(content: string, tag?: string): ScalarValue {
  return tag === undefined || isTextTag(tag) ? content : resolvePlain(content, undefined);
}

function isTextTag(tag: string | undefined): boolean {
  return tag === '!' || tag === '!!str' || tag === 'tag:yaml.org,2002:str';
}

function resolveNumber(source: string): number | undefined {
  if (!/^[-+.0-9]/.test(source)) return undefined;
  // Where a point comes first, only underscores between digits are passed over.
  const digits = source.startsWith('.') ? source.replace(/(?<=\d)_(?=\d)/g, '') : source.replaceAll('_', '');
  for (const { pattern, radix } of integers) {
    const [, sign, amount] = pattern.exec(digits) ?? [];
    if (amount === undefined) continue;
    const value = Number.parseInt(amount, radix);
    if (value <= (sign === '-' ? largest.negative : largest.unsigned)) return sign === '-' ? -value : value;
  }
  const value = float.test(digits) ? Number.parseFloat(digits) : Infinity;
  return Number.isFinite(value) ? value : undefined;
}
