import { expect, test } from 'vitest';
import { codes, startClient } from './client';

/** A values file as long as the chart's own, about 4,500 lines. */
function longFile(): string {
  const lines = ['executor: KubernetesExecutor', 'scheduler:', '  replicas: 1', 'workers:'];
  for (let index = 0; index < 1100; index++)
    lines.push(`  option${index}:`, `    # about option ${index}`, `    value: ${index}`, '    list: [a, b]');
  return `${lines.join('\n')}\n`;
}

test('ten thousand edits of a long file fit into a small heap', async () => {
  // What is in use takes about 12 MB. With two kilobytes left behind by each edit, the heap would be full.
  const client = await startClient({ nodeOptions: ['--max-old-space-size=32'] });
  const document = client.open(longFile());
  expect(codes(await document.diagnostics())).toEqual(['automounted-token']);
  const at = { line: 2, character: 13 };
  for (let round = 0; round < 5000; round++) {
    document.change({ range: { start: at, end: at }, text: '0' });
    await document.diagnostics();
    document.change({ range: { start: at, end: { ...at, character: 14 } }, text: '' });
    await document.diagnostics();
  }
  expect(codes(await document.diagnostics())).toEqual(['automounted-token']);
}, 120_000);
