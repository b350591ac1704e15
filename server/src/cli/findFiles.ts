import { readdirSync, statSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { isIgnored, rulesAbove, rulesIn, type IgnoreRules } from '../disk/ignoredFiles';
import { reasonOf } from '../disk/readText';

/** A file that may be looked at. */
export interface FoundFile {
  /** Its full path. */
  readonly file: string;
  /** Whether the user named it, and not only a folder that it is in. */
  readonly isNamed: boolean;
}

/** Something that could not be looked at. */
export interface Unreadable {
  /** Its full path. */
  readonly file: string;
  readonly problem: string;
}

/** Folders that hold nobody's values, whatever `.gitignore` says. */
const skippedFolders: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/**
 * Finds the files that paths stand for: named ones as they are, and in folders those that are not ignored and that a
 * condition allows for. Symbolic links to files are followed, those to folders only when they are named themselves,
 * as Git does; so no link can lead in a circle.
 * @param paths Full paths of files and folders.
 * @param mayMatter Says of a file in a folder whether it is worth looking at.
 * @param matters Says the same by its name alone; a link that cannot be followed is told of only if it does.
 * @returns The files, each once, folders in the order of names; and what could not be looked at.
 */
export function findFiles(
  paths: readonly string[],
  mayMatter: (file: string) => boolean,
  matters: (file: string) => boolean = mayMatter,
): { files: FoundFile[]; unreadable: Unreadable[] } {
  const named = new Set(paths);
  const files = new Map<string, FoundFile>();
  const unreadable = new Map<string, Unreadable>();
  const fail = (file: string, error: unknown): void => {
    unreadable.set(file, { file, problem: reasonOf(error) });
  };

  function walk(folder: string, above: IgnoreRules): void {
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      fail(folder, error);
      return;
    }
    const rules = rulesIn(folder, above);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name) && !isIgnored(rules, file, true)) walk(file, rules);
      } else if (mayMatter(file) && !isIgnored(rules, file, false)) {
        if (entry.isFile() || (entry.isSymbolicLink() && leadsToFile(file)))
          files.set(file, { file, isNamed: named.has(file) });
      }
    }
  }

  /** Says whether a link leads to a file; one that leads nowhere is reported if it would have mattered. */
  function leadsToFile(link: string): boolean {
    try {
      return statSync(link).isFile();
    } catch (error) {
      if (!matters(link)) return false;
      const isBroken = error instanceof Error && Reflect.get(error, 'code') === 'ENOENT';
      fail(link, isBroken ? new Error('it is a symbolic link to a file that is not there') : error);
      return false;
    }
  }

  for (const file of named) {
    try {
      if (statSync(file).isDirectory()) walk(file, rulesAbove(file));
      else files.set(file, { file, isNamed: true });
    } catch (error) {
      fail(file, error);
    }
  }
  return { files: [...files.values()], unreadable: [...unreadable.values()] };
}
