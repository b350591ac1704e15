import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../../server/src/testing/commandLine';
import { bash, program } from './program';

const root = path.resolve(import.meta.dirname, '..', '..');

/** Says what a terminal would show for commands, each with a `$` before it. */
async function transcriptOf(folder: string, commands: readonly string[]): Promise<string> {
  writeFileSync(
    path.join(folder, '.script'),
    `airflow-token-volume() { $program "$@"; }
${commands.map((command) => `echo '$ ${command.replaceAll("'", "'\\''")}' >&7\n(exit $status)\n${command}\nstatus=$?`).join('\n')}`,
  );
  const { out } = await bash(folder, 'exec 7>&1 2>&1; status=0; . ./.script');
  return out;
}

test.each(['docs/cli.md', 'docs/ci.md'])(
  'what %s shows is what the program prints (vitest --update writes it anew)',
  async (name) => {
    const page = readFileSync(path.join(root, name), 'utf8');
    let written = page;
    const blocks = [...page.matchAll(/^```console\n(.*?)^```$/gms)];
    expect(blocks.length).toBeGreaterThan(1);
    for (const [block, content = ''] of blocks) {
      const folder = folderWith({});
      cpSync(path.join(root, 'examples'), folder, { recursive: true });
      const commands = [...content.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command);
      const transcript = await transcriptOf(folder, commands);
      written = written.replace(block, () => `\`\`\`console\n${transcript}\`\`\``);
    }
    await expect(written).toMatchFileSnapshot(path.join(root, name));
  },
);

test('the drawing in docs/cli.md is the one of the sample values (vitest --update draws it anew)', async () => {
  const folder = folderWith({});
  cpSync(path.join(root, 'examples'), folder, { recursive: true });
  const { out, err, code } = await program(folder, ['exposure', '--format', 'svg', 'values.yaml']);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  await expect(out).toMatchFileSnapshot(path.join(root, 'docs', 'images', 'exposure.svg'));
});
