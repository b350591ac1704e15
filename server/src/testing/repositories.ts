import type { Diagnostic } from 'vscode-languageserver-types';
import { defaultSettings } from '../features/settings';
import { openDocument, type Settings, type Snapshot } from '../languageService';
import { Repository } from '../stacks/repository';
import { service } from './documents';

const root = 'file:///repo';

/** The address of a file of a repository for tests. */
export function uriOf(path: string): string {
  return `${root}/${path}`;
}

/** A repository with files, as if all of them had been read. */
export function repositoryOf(
  files: Readonly<Record<string, string>>,
  settings: Partial<Settings> = {},
): Repository {
  const repository = new Repository(root, { ...defaultSettings, ...settings });
  repository.setNames(Object.keys(files).map(uriOf));
  for (const [path, text] of Object.entries(files)) putFile(repository, path, text);
  return repository;
}

/** Takes a new text in for a file, as the editor does when it is changed. */
export function putFile(repository: Repository, path: string, text: string): void {
  repository.put({ ...openDocument(uriOf(path), 1, text) });
}

/** What is seen of a file in its repository. */
export function lookIn(repository: Repository, path: string, settings: Partial<Settings> = {}): Snapshot {
  const file = repository.file(uriOf(path));
  if (!file) throw new Error(`There is no ${path}.`);
  const document = { uri: file.uri, version: 1, values: file.values };
  return service.look(document, { ...defaultSettings, ...settings }, repository.partsOf(file.uri));
}

/**
 * The findings in every file, as `path:line code message`, lines counted from 1.
 * @param least The least severity that counts, in LSP's numbers: 1 is an error, 4 a hint.
 */
export function findingsIn(repository: Repository, least = 4): string[] {
  return [...repository.uris()].flatMap((uri) => {
    const path = uri.slice(root.length + 1);
    return service
      .diagnostics(lookIn(repository, path))
      .filter(({ severity = 1 }) => severity <= least)
      .map(
        (diagnostic) => `${path}:${lineOf(diagnostic)} ${String(diagnostic.code)} ${messageOf(diagnostic)}`,
      );
  });
}

function messageOf({ message }: Diagnostic): string {
  return typeof message === 'string' ? message : message.value;
}

function lineOf({ range }: Diagnostic): number {
  return range.start.line + 1;
}
