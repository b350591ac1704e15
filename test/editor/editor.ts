/** What a user does in the editor, as functions: open, type, look at squiggles and hovers, pick a quick fix. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Observable } from '../../client/src/extension';

/** How long the extension may take for anything a test waits for. */
const patienceMilliseconds = 10_000;

/** The extension under test, which is active once a YAML file was opened. */
export function findExtension(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('airflow-token-volume.airflow-token-volume');
  assert.ok(extension, 'the extension is not there');
  return extension;
}

/** A file of the workspace, which is a copy of test/fixtures/editor. */
export function workspaceFile(relativePath: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, relativePath);
}

/**
 * Writes a file into the workspace, byte for byte, in a folder for such files: a `values.yaml` in a folder below another
 * one's is laid over that.
 */
export async function writeFile(relativePath: string, text: string): Promise<vscode.Uri> {
  const uri = workspaceFile(`written/${relativePath}`);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return uri;
}

/** Reads a file's text. */
export async function read(uri: vscode.Uri): Promise<string> {
  return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString();
}

/** Saves a file as Ctrl+S does, and reads it back. */
export async function save(document: vscode.TextDocument): Promise<string> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.files.save');
  assert.ok(!document.isDirty, `${document.fileName} could not be saved`);
  return read(document.uri);
}

/** Opens a file in a tab and puts the cursor there. */
export async function open(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

/** Opens a new, unsaved YAML file. */
export async function openUntitled(content: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument({ language: 'yaml', content }),
  );
}

/** Changes one of the extension's settings for the workspace; undefined takes it out again. */
export function configure(key: string, value: unknown): Thenable<void> {
  return vscode.workspace
    .getConfiguration('airflowTokenVolume')
    .update(key, value, vscode.ConfigurationTarget.Workspace);
}

/** Closes every tab and throws away what was not saved, so that no test sees another one's text. */
export async function closeEverything(): Promise<void> {
  while (vscode.window.tabGroups.all.some((group) => group.tabs.length > 0)) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}

/** This extension's diagnostics of a document, as they are now. */
export function diagnosticsOf({ uri }: { readonly uri: vscode.Uri }): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter((diagnostic) => diagnostic.source === 'airflow-token-volume');
}

/** The rule that a diagnostic is about. */
export function ruleOf(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === 'object' ? code.value : code);
}

/** This extension's diagnostics of a document, or of a file that is not open, as soon as they are as `expected`. */
export async function waitForDiagnostics(
  document: { readonly uri: vscode.Uri },
  expected: (rules: readonly string[]) => boolean,
): Promise<vscode.Diagnostic[]> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      const diagnostics = diagnosticsOf(document);
      if (!expected(diagnostics.map(ruleOf))) return;
      clearTimeout(deadline);
      subscription.dispose();
      resolve(diagnostics);
    };
    const subscription = vscode.languages.onDidChangeDiagnostics(check);
    const deadline = setTimeout(() => {
      subscription.dispose();
      const rules = diagnosticsOf(document).map(ruleOf).join(', ');
      reject(new Error(`${document.uri.path} still has the diagnostics [${rules}].`));
    }, patienceMilliseconds);
    check();
  });
}

/** Where `text` stands first in a document. */
export function positionOf(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, `"${text}" is not in ${document.fileName}`);
  return document.positionAt(offset);
}

/** What the hovers at a position say, this extension's and others'. */
export async function hoverText(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap((hover) => hover.contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : JSON.stringify(content)))
    .join('\n');
}

/** Picks an entry of the light bulb's menu, the way a click on it does. */
export async function applyCodeAction(
  document: vscode.TextDocument,
  range: vscode.Range,
  title: string,
): Promise<void> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    range,
    undefined,
    // Resolve every action: a server may compute the edit only for the one that is picked.
    100,
  );
  const action = actions.find((candidate) => candidate.title === title);
  assert.ok(action, `no "${title}" among ${actions.map((candidate) => `"${candidate.title}"`).join(', ')}`);
  assert.ok(action.edit, `"${title}" has no edit`);
  assert.ok(await vscode.workspace.applyEdit(action.edit), `"${title}" could not be applied`);
}

/** Waits until something holds that nothing tells of. */
export async function until(holds: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const deadline = Date.now() + patienceMilliseconds;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `it never came that ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Types at the cursor, key by key as a keyboard would. */
export async function type(text: string): Promise<void> {
  for (const character of text) await vscode.commands.executeCommand('type', { text: character });
}

/** Puts the cursor of `editor` after the first place where `text` stands. */
export function moveAfter(editor: vscode.TextEditor, text: string): void {
  const start = editor.document.offsetAt(positionOf(editor.document, text));
  const position = editor.document.positionAt(start + text.length);
  editor.selection = new vscode.Selection(position, position);
}

/**
 * Ticks everything in the preview of an edit, and applies it.
 * @param applied What ends when the edit is applied.
 */
export async function confirmEdit(applied: Thenable<unknown>): Promise<void> {
  let isDone = false;
  void Promise.resolve(applied).then(() => (isDone = true));
  await until(
    async () => {
      if (isDone) return true;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      for (const command of [
        'refactorPreview.focus',
        'list.focusFirst',
        'refactorPreview.toggleCheckedState',
        'refactorPreview.apply',
      ])
        await vscode.commands.executeCommand(command);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return isDone;
    },
    () => 'the edit is applied',
  );
}

/**
 * Does something again and again until something else has ended: nothing tells when a box or a message is there, and keys
 * that come too early go nowhere.
 * @param running What is to end.
 * @param step What is done twice a second meanwhile.
 */
export async function untilEnded<T>(running: Thenable<T>, step: () => Thenable<unknown>): Promise<T> {
  let hasEnded = false;
  const end = (): void => {
    hasEnded = true;
  };
  running.then(end, end);
  await until(
    async () => {
      if (hasEnded) return true;
      await step();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return hasEnded;
    },
    () => 'the command ends',
  );
  return running;
}

/**
 * Gives one of the extension's commands, and closes the messages that it shows.
 * @param command The command, without the extension's name.
 * @param close What closes a message; by default the button that closes all of them.
 * @returns The messages.
 */
export async function messagesOf(
  command: string,
  close = 'notifications.clearAll',
): Promise<readonly string[]> {
  const { extensionPath } = findExtension();
  // Each extension has a `vscode` of its own, and VS Code tells nobody what a message says.
  const { window } = createRequire(path.join(extensionPath, 'dist', 'client.js'))('vscode') as typeof vscode;
  const { showInformationMessage } = window;
  const messages: string[] = [];
  const listening = (message: string, ...items: string[]): Thenable<string | undefined> => {
    messages.push(message);
    return showInformationMessage(message, ...items);
  };
  Object.assign(window, { showInformationMessage: listening });
  try {
    const ended = vscode.commands.executeCommand(`airflowTokenVolume.${command}`);
    await untilEnded(ended, () => vscode.commands.executeCommand(close));
    // One that the command does not wait for.
    await vscode.commands.executeCommand('notifications.clearAll');
    return messages;
  } finally {
    Object.assign(window, { showInformationMessage });
  }
}

/**
 * The text of a document that a command shows as a rendered page, such as the migration's plan.
 * @param name The document's name.
 */
export async function shownMarkdown(name: string): Promise<string> {
  const uri = vscode.Uri.from({ scheme: 'airflow-token-volume', path: `/${name}.md` });
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

/** The titles of all tabs. */
export function tabNames(): string[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs).map(({ label }) => label);
}

/**
 * Waits until the status of the active editor's stack is as expected.
 * @param expected Undefined where there is to be none.
 */
export async function waitForStatus(expected: RegExp | undefined): Promise<void> {
  const { stackStatus } = findExtension().exports as Observable;
  await until(
    () => (expected ? expected.test(stackStatus() ?? '') : stackStatus() === undefined),
    () => `the status is ${String(expected)}, but ${String(stackStatus())}`,
  );
}
