import { describe, expect, test } from 'vitest';
import { chunksOf, replaceText, walk, always, type Chunk, type Chunks } from './chunks';

function listOf(chunks: Chunks | undefined): Chunk[] {
  const list: Chunk[] = [];
  walk(chunks, 0, always, (chunk) => list.push(chunk) > 0);
  return list;
}

function textOf(chunks: Chunks | undefined): string {
  return listOf(chunks)
    .map(({ text }) => text)
    .join('');
}

/** A file with an entry of each kind, one of them long, and a thousand that nobody asks for. */
const long = [
  'executor: KubernetesExecutor\n',
  ...Array.from({ length: 1000 }, (_, index) => `key${index}:\n  a: ${index}\n`),
  `scheduler:\n${'  # a comment that makes the entry long\n'.repeat(2000)}`,
  'workers: [1,\n  2]\n',
].join('');

describe('an edit in a long file', () => {
  const before = chunksOf(long);

  test('leaves all other chunks as they are, and the old tree too', () => {
    const offset = long.indexOf('  a: 500');
    const after = replaceText(before, offset + 6, offset + 6, '0');
    const old = new Set(listOf(before));
    const made = listOf(after).filter((chunk) => !old.has(chunk));
    expect(made.map(({ text }) => text)).toEqual(['key500:\n  a: 5000\n']);
    expect(textOf(before)).toBe(long);
  });

  test('makes few chunks where it is in a long entry', () => {
    const offset = long.indexOf('scheduler:') + 40_000;
    const after = replaceText(before, offset, offset, 'x');
    const old = new Set(listOf(before));
    expect(listOf(after).filter((chunk) => !old.has(chunk)).length).toBeLessThanOrEqual(2);
    expect(textOf(after)).toBe(long.slice(0, offset) + 'x' + long.slice(offset));
  });

  test('that opens a bracket is searched for its end in the neighbourhood only', () => {
    const offset = long.indexOf('key500:') + 'key500:'.length;
    const after = replaceText(before, offset, offset, ' [');
    const old = new Set(listOf(before));
    const made = listOf(after).filter((chunk) => !old.has(chunk));
    expect(made.length).toBe(1);
    expect(made[0]?.seen).toBeLessThan(2000);
  });
});

test('the tree stays balanced and its chunks of a useful size, however it is edited', () => {
  let text = long;
  let chunks = chunksOf(text);
  let random = 1;
  const next = (below: number): number => {
    random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
    return random % below;
  };
  for (let step = 0; step < 3000; step++) {
    const start = next(text.length);
    const end = Math.min(text.length, start + (step % 3 === 0 ? next(300) : 0));
    const added = step % 2 === 0 ? '  # a line that is added to what is there\n' : 'x';
    chunks = replaceText(chunks, start, end, added);
    text = text.slice(0, start) + added + text.slice(end);
  }
  expect(textOf(chunks)).toBe(text);
  const list = listOf(chunks);
  // An AVL tree of n leaves is at most 1.44 log2(n) high.
  expect(chunks?.height).toBeLessThanOrEqual(Math.ceil(1.45 * Math.log2(list.length)));
  const goingOn = list.filter(({ role }) => role === 'more');
  expect(Math.max(...goingOn.map(({ length }) => length))).toBeLessThan(5000);
});

test('a text that is taken away whole and put back', () => {
  const chunks = chunksOf(long);
  const empty = replaceText(chunks, 0, long.length, '');
  expect(empty).toBeUndefined();
  expect(textOf(replaceText(empty, 0, 0, long))).toBe(long);
});

test('keys are known by their bits, whatever else is in the file', () => {
  const [executor, scheduler] = [chunksOf('executor: x\n')?.keys, chunksOf('scheduler: x\n')?.keys];
  expect(executor).not.toBe(0);
  expect((chunksOf(long)?.keys ?? 0) & (executor ?? 0)).toBe(executor);
  expect((chunksOf('key1: 1\n')?.keys ?? 0) & ((executor ?? 0) | (scheduler ?? 0))).toBe(0);
});

test('a line that no longer begins an entry goes on with what was open before it', () => {
  const text = 'a\nb:\n  : |\nexecutor: A\n';
  const edited = replaceText(chunksOf(text), 2, 5, '');
  const entries: string[] = [];
  for (const { text: lines, role } of listOf(edited)) {
    if (role === 'entry') entries.push(lines);
    else entries.push(`${entries.pop() ?? ''}${lines}`);
  }
  expect(entries).toEqual(['a\n  : |\n', 'executor: A\n']);
});

test.each([
  ['brackets at the very left', `a: 1\n${'[\n'.repeat(5000)}`],
  ['quoted keys', Array.from({ length: 5000 }, (_, index) => `"k${index}": [\n`).join('')],
  ['indented keys', Array.from({ length: 5000 }, (_, index) => `  k${index}: [\n`).join('')],
  ['templates', '{{- if .Values.x\n'.repeat(5000)],
  ['keys', "a: '\nb: {\n".repeat(5000)],
])('thousands of open brackets are each searched for their end in the neighbourhood: %s', (_, text) => {
  const furthest = Math.max(...listOf(chunksOf(text)).map(({ seen, length }) => seen - length));
  expect(furthest).toBeLessThan(5000);
});

test('an edit deep in the tree leaves every branch with the right summary, and balanced', () => {
  let chunks = chunksOf(long);
  for (let step = 0; step < 200; step++) {
    const start = (step * 7919) % (chunks?.length ?? 1);
    chunks = replaceText(chunks, start, start + (step % 40), step % 3 === 0 ? 'x:\n' : '# y &z\n');
    if (chunks) checkTree(chunks);
  }
});

/** Compares what each branch says of itself with what its parts say. */
function checkTree(part: Chunks): void {
  if (!('left' in part)) return;
  const { left, right } = part;
  checkTree(left);
  checkTree(right);
  expect(Math.abs(left.height - right.height)).toBeLessThanOrEqual(1);
  expect(part).toMatchObject({
    length: left.length + right.length,
    breaks: left.breaks + right.breaks,
    marks: left.marks | right.marks,
    keys: left.keys | right.keys,
    anchors: left.anchors | right.anchors,
    seen: Math.max(left.seen, left.length + right.seen),
    height: Math.max(left.height, right.height) + 1,
  });
}
