import type { TextEdit } from '../values/edit';

/**
 * A text with edits applied, by plain cutting and joining.
 * @param text The text that the edits' offsets count in.
 * @param edits Edits that do not overlap; those at one place are applied in their order.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let done = 0;
  for (const { range, newText } of [...edits].sort((a, b) => a.range.start - b.range.start)) {
    result += text.slice(done, range.start) + newText;
    done = range.end;
  }
  return result + text.slice(done);
}

/** The one edit that turns a text into another: what stands between the beginning and the end that both have. */
export function editBetween(text: string, other: string): TextEdit {
  let start = 0;
  while (start < Math.min(text.length, other.length) && text[start] === other[start]) start++;
  let [end, otherEnd] = [text.length, other.length];
  while (end > start && otherEnd > start && text[end - 1] === other[otherEnd - 1]) {
    end--;
    otherEnd--;
  }
  return { range: { start, end }, newText: other.slice(start, otherEnd) };
}
