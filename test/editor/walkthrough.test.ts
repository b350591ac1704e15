import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEverything, findExtension, until } from './editor';

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly title: string;
      readonly when: string;
      readonly steps: readonly Step[];
    }[];
  };
}

interface Step {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly media: { readonly image: Readonly<Record<string, string>>; readonly altText: string };
}

/** What VS Code has made of the manifest: with texts in place of their keys. */
function walkthrough(): Manifest['contributes']['walkthroughs'][number] {
  const [first, ...others] = (findExtension().packageJSON as Manifest).contributes.walkthroughs;
  assert.ok(first && others.length === 0);
  return first;
}

function tabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs);
}

const isWelcome = ({ label }: vscode.Tab): boolean => /^(Walkthrough|Welcome)/.test(label);

describe('the walkthrough', () => {
  afterEach(closeEverything);

  it('is not open unless somebody asks for it', () => {
    assert.ok(!tabs().some(isWelcome));
  });

  it('opens with its four steps, in words', async () => {
    const { id, title, steps } = walkthrough();
    assert.deepEqual(
      steps.map((step) => step.id),
      ['see', 'understand', 'migrate', 'verify'],
    );
    for (const text of [
      title,
      ...steps.flatMap((step) => [step.title, step.description, step.media.altText]),
    ]) {
      assert.doesNotMatch(text, /^%|^$/);
    }
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${findExtension().id}#${id}`);
    // Which one it shows, nobody tells an extension.
    await until(
      () => tabs().some(isWelcome),
      () => 'the page is open',
    );
  });

  it('has its pictures where it says', async () => {
    const files = walkthrough().steps.flatMap(({ media }) => Object.values(media.image));
    for (const file of files) {
      const { size } = await vscode.workspace.fs.stat(
        vscode.Uri.joinPath(findExtension().extensionUri, file),
      );
      assert.ok(size > 1000, `${file} has ${size} bytes`);
    }
  });

  it('has buttons for commands that VS Code has', async () => {
    const known = await vscode.commands.getCommands();
    const links = walkthrough().steps.flatMap(({ description }) => [
      ...description.matchAll(/\(command:(?:toSide:)?([\w.]+)/g),
    ]);
    assert.ok(links.length >= 6);
    for (const [, command = ''] of links) assert.ok(known.includes(command), command);
  });
});
