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
